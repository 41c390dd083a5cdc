//! What is wrong with a pipeline file: every mistake at its place.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents,
};

/// Wide enough for a sentence, narrow enough for a terminal beside an editor.
const WIDTH: usize = 110;

/// A file that mistakes are shown in: the pipeline file, or a calendar it refers to.
#[derive(Debug, Clone)]
pub struct Document(Arc<File>);

#[derive(Debug)]
struct File {
    name: String,
    text: String,
}

impl Document {
    pub(super) fn new(path: &Path, text: &str) -> Self {
        Self(Arc::new(File { name: path.to_string_lossy().into_owned(), text: text.to_owned() }))
    }

    /// The file as the user named it.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    pub(super) fn text(&self) -> &str {
        &self.0.text
    }

    /// Line of a byte, counted from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        1 + self.text().bytes().take(offset).filter(|byte| *byte == b'\n').count()
    }
}

/// Shows whole lines and nothing around them; miette's own sources show parts of lines, or neighbours, too.
impl SourceCode for Document {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _lines_before: usize,
        _lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.text();
        let (start, end) = (span.offset(), span.offset() + span.len());
        let (Some(before), Some(marked), Some(after)) = (text.get(..start), text.get(start..end), text.get(end..))
        else {
            return Err(MietteError::OutOfBounds);
        };
        let from = before.rfind('\n').map_or(0, |newline| newline + 1);
        let to = after.find('\n').map_or(text.len(), |newline| end + newline);
        let contents = MietteSpanContents::new_named(
            self.name().to_owned(),
            &text.as_bytes()[from..to],
            (from, to - from).into(),
            self.line(start) - 1,
            before[from..].chars().count(),
            marked.lines().count().max(1),
        );
        Ok(Box::new(contents))
    }
}

/// One mistake.
#[derive(Debug, Clone)]
pub struct Problem {
    document: Document,
    message: String,
    /// Where it is, the place to look at first in front, each with a word on what is there.
    marks: Vec<(Range<usize>, String)>,
    help: String,
}

impl Problem {
    pub(super) fn new(document: &Document, message: impl Into<String>) -> Self {
        Self { document: document.clone(), message: message.into(), marks: Vec::new(), help: String::new() }
    }

    #[must_use]
    pub(super) fn mark(mut self, at: Range<usize>, label: impl Into<String>) -> Self {
        self.marks.push((at, label.into()));
        self
    }

    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The file it is in.
    pub fn file(&self) -> &str {
        self.document.name()
    }

    /// Its line, counted from 1; none where something is missing altogether.
    pub fn line(&self) -> Option<usize> {
        self.marks.first().map(|(at, _)| self.document.line(at.start))
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it; may be empty.
    pub fn advice(&self) -> &str {
        &self.help
    }

    fn start(&self) -> Option<usize> {
        self.marks.first().map(|(at, _)| at.start)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.marks.is_empty()).then_some(&self.document as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let text = self.document.text();
        let labels = self.marks.iter().enumerate().map(move |(i, (at, label))| {
            // A table or a list may run over many lines; its first one is enough to find it.
            let start = at.start.min(text.len());
            let end = at.end.clamp(start, text.len());
            let line = text.get(start..end).map_or(0, |text| text.find(['\r', '\n']).unwrap_or(text.len()));
            let label = (!label.is_empty()).then(|| label.clone());
            match i {
                0 => LabeledSpan::new_primary_with_span(label, (start, line)),
                _ => LabeledSpan::new_with_span(label, (start, line)),
            }
        });
        Some(Box::new(labels))
    }
}

/// Everything that is wrong with a pipeline file, in the order of the file. Never empty.
#[derive(Debug)]
pub struct PlanErrors {
    problems: Vec<Problem>,
}

impl PlanErrors {
    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        let first = problems.first().map(|problem| problem.file().to_owned());
        problems.sort_by_key(|problem| (Some(problem.file()) != first.as_deref(), problem.start()));
        Self { problems }
    }

    /// The mistakes one by one.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// All of them as a text for people, each with its line and a caret.
    pub fn render(&self, color: bool) -> String {
        let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(WIDTH).with_links(false);
        let mut out = String::new();
        for problem in &self.problems {
            let start = out.len();
            if handler.render_report(&mut out, problem).is_err() {
                // The words matter more than the picture.
                out.truncate(start);
                out.push_str(&problem.message);
            }
            out.truncate(out.trim_end().len());
            out.push_str("\n\n");
        }
        let count = match self.problems.len() {
            1 => "1 mistake".to_owned(),
            n => format!("{n} mistakes"),
        };
        let file = self.problems.first().map_or("", Problem::file);
        // Blanks at the end of a line are the renderer's padding.
        let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
        format!("{}\n{count} in {file}\n", lines.join("\n"))
    }
}

impl fmt::Display for PlanErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for PlanErrors {}
