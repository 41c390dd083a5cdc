//! One `[sources.*]` section of the draft.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::content::Column;
use super::dates::Moment;
use super::say::{Tongue, key, list, one_or_list, padded, plain, quoted, width};
use super::{Peek, dates};
use crate::schema::input::SourceKind;

/// Where a column of ours comes from.
#[derive(Debug, Clone)]
pub enum Theirs {
    Names(Vec<String>),
    Written { names: Vec<String>, format: String },
    Codes { names: Vec<String>, separator: &'static str },
    Joined { columns: Vec<String>, with: &'static str },
    Scaled { names: Vec<String>, scale: (u8, u8) },
    Always(String),
}

impl Theirs {
    fn toml(&self) -> String {
        match self {
            Self::Names(names) => one_or_list(names),
            Self::Written { names, format } => {
                format!("{{ column = {}, format = {} }}", one_or_list(names), quoted(format))
            }
            Self::Codes { names, separator } => {
                format!("{{ column = {}, separator = {} }}", one_or_list(names), quoted(separator))
            }
            Self::Joined { columns, with } => {
                format!("{{ columns = {}, join = {} }}", list(columns), quoted(with))
            }
            Self::Scaled { names, scale: (low, high) } => {
                format!("{{ column = {}, scale = [{low}, {high}] }}", one_or_list(names))
            }
            Self::Always(text) => format!("{{ value = {} }}", quoted(text)),
        }
    }

    /// Their columns that it uses.
    pub fn names(&self) -> &[String] {
        match self {
            Self::Names(names)
            | Self::Written { names, .. }
            | Self::Codes { names, .. }
            | Self::Scaled { names, .. }
            | Self::Joined { columns: names, .. } => names,
            Self::Always(_) => &[],
        }
    }
}

/// `ours = theirs`, and what is to be said about it.
#[derive(Debug, Clone)]
pub struct Line {
    pub ours: String,
    pub theirs: Theirs,
    /// Why it should be looked at.
    pub unsure: Option<String>,
    /// What is worth knowing.
    pub remark: Option<String>,
}

impl Line {
    pub fn new(ours: &str, theirs: Theirs) -> Self {
        Self { ours: ours.to_owned(), theirs, unsure: None, remark: None }
    }

    pub fn unsure(mut self, why: Option<String>) -> Self {
        self.unsure = match (self.unsure, why) {
            (Some(before), Some(why)) => Some(format!("{before}; {why}")),
            (before, why) => before.or(why),
        };
        self
    }
}

/// A source as it will be written.
#[derive(Debug)]
pub struct SourceDraft<'a> {
    pub kind: SourceKind,
    pub tables: Vec<&'a Peek>,
    pub files: Vec<String>,
    pub sheets: Vec<String>,
    pub missing: Vec<&'a str>,
    /// Why some of these are unsure.
    pub missing_unsure: Option<String>,
    /// Of a log of events: statuses in which tickets wait, and those in which they are resolved.
    pub pending: Vec<&'a str>,
    pub resolved: Vec<&'a str>,
    /// Why these are unsure.
    pub statuses_unsure: Option<String>,
    pub latest_by: Option<Line>,
    pub carry: Vec<&'a str>,
    /// Their column that must be filled, for rows to count.
    pub filled: Option<String>,
    pub columns: Vec<Line>,
    pub dimensions: Vec<Line>,
    /// Their word → ours, for `status`.
    pub statuses: BTreeMap<&'a str, &'static str>,
    pub other_statuses: Vec<&'a str>,
    /// Things to be said about the source as a whole.
    pub notes: Vec<String>,
    /// First and last moment, in the main column of time.
    pub span: Option<(Moment, Moment)>,
    pub dates_only: bool,
}

impl SourceDraft<'_> {
    pub fn line(&self, ours: &str) -> Option<&Line> {
        self.columns.iter().find(|line| line.ours == ours)
    }

    pub fn has(&self, ours: &str) -> bool {
        self.line(ours).is_some()
    }

    /// Names of their columns that the source uses in any way.
    pub fn used(&self) -> BTreeSet<&str> {
        let lines = self.columns.iter().chain(&self.dimensions).chain(&self.latest_by);
        let mut used: BTreeSet<&str> = lines.flat_map(|line| line.theirs.names()).map(String::as_str).collect();
        used.extend(&self.carry);
        used.extend(self.filled.as_deref());
        used
    }

    /// All that is unsure, each as the place and the reason.
    pub fn doubts(&self) -> Vec<String> {
        let name = self.kind.name();
        let lines = self.columns.iter().chain(&self.dimensions).chain(&self.latest_by);
        let unsure =
            lines.filter_map(|l| Some(format!("{name}.{} = {}: {}", l.ours, l.theirs.toml(), l.unsure.as_ref()?)));
        let missing = self.missing_unsure.iter().map(|why| format!("{name}.missing = {}: {why}", list(&self.missing)));
        let statuses = self
            .statuses_unsure
            .iter()
            .map(|why| format!("{name}.pending = {}, resolved = {}: {why}", list(&self.pending), list(&self.resolved)));
        unsure.chain(missing).chain(statuses).chain(self.notes.iter().map(|note| format!("{name}: {note}"))).collect()
    }

    /// The section as text. `unused` are their columns that nothing uses.
    pub fn toml(&self, tongue: Tongue, unused: &[&str]) -> String {
        let name = self.kind.name();
        let mut text = String::new();
        for note in &self.notes {
            _ = writeln!(text, "# UNSURE: {}", plain(note));
        }
        _ = writeln!(text, "[sources.{name}]\nfiles   = {}", list(&self.files));
        if !self.sheets.is_empty() {
            _ = writeln!(text, "sheets  = {}", list(&self.sheets));
        }
        if !self.missing.is_empty() {
            let mean = tongue.say("这些内容视为空", "these mean \"no value\"");
            let unsure = self.missing_unsure.as_deref().map(|why| format!("UNSURE: {}; ", plain(why)));
            _ = writeln!(text, "missing = {}  # {}{mean}", list(&self.missing), unsure.unwrap_or_default());
        }
        if let Some(why) = &self.statuses_unsure {
            _ = writeln!(text, "# UNSURE: {}", plain(why));
        }
        for (key, statuses) in [("pending", &self.pending), ("resolved", &self.resolved)] {
            if !statuses.is_empty() {
                _ = writeln!(text, "{key:8} = {}", list(statuses));
            }
        }
        if !self.carry.is_empty() {
            let why = tongue.say("原样带入工单事实表", "kept as they are beside our own figures");
            _ = writeln!(text, "carry   = {}  # {why}", list(&self.carry));
        }
        if let Some(line) = &self.latest_by {
            text += &with_comment(format!("latest_by = {}", line.theirs.toml()), line);
        }
        if let Some(column) = &self.filled {
            _ = writeln!(
                text,
                "\n# {}\n[sources.{name}.where]\n{} = {{ filled = true }}",
                tongue.say("只读取这一列有内容的行", "only rows in which this column is filled"),
                key(column)
            );
        }
        _ = write!(text, "\n[sources.{name}.columns]\n{}", lines(&self.columns));
        if !unused.is_empty() {
            let title = tongue.say(
                "未使用的列（需要时写入上面，或列入 carry 原样保留）：",
                "Columns not used (map them above, or keep them with `carry`):",
            );
            _ = write!(text, "# {title}\n{}", super::say::wrapped(unused));
        }
        if !self.dimensions.is_empty() {
            let title = tongue.say("评价维度，1–5 分", "Scored dimensions, 1–5");
            _ = write!(text, "\n# {title}\n[sources.{name}.dimensions]\n{}", lines(&self.dimensions));
        }
        text + &self.status_lines(tongue)
    }

    fn status_lines(&self, tongue: Tongue) -> String {
        if self.statuses.is_empty() && self.other_statuses.is_empty() {
            return String::new();
        }
        let mut text = format!("\n# {}\n", tongue.say("取值对照：导出表的写法 = 评审用的写法", "Their words = ours"));
        let head = format!("[sources.{}.values.status]\n", self.kind.name());
        if self.statuses.is_empty() {
            text += "# ";
        }
        text += &head;
        let widest = self.statuses.keys().map(|word| width(&key(word))).max().unwrap_or(0);
        for (theirs, ours) in &self.statuses {
            _ = writeln!(text, "{} = \"{ours}\"", padded(&key(theirs), widest));
        }
        if !self.other_statuses.is_empty() {
            let why = tongue.say(
                "UNSURE: 下列状态未作对照，视为未结束（可选 open in_progress resolved closed cancelled）：",
                "UNSURE: these are kept as they are and count as open (choose open, in_progress, resolved, closed or cancelled):",
            );
            _ = writeln!(text, "# {why}");
            for word in &self.other_statuses {
                _ = writeln!(text, "# {} = \"\"", plain(&key(word)));
            }
        }
        text
    }
}

fn lines(lines: &[Line]) -> String {
    let widest = lines.iter().map(|line| line.ours.len()).max().unwrap_or(0);
    lines
        .iter()
        .map(|line| with_comment(format!("{} = {}", padded(&line.ours, widest), line.theirs.toml()), line))
        .collect()
}

fn with_comment(text: String, line: &Line) -> String {
    let mut comment = Vec::new();
    if let Some(why) = &line.unsure {
        comment.push(format!("UNSURE: {}", plain(why)));
    }
    comment.extend(line.remark.as_deref().map(plain));
    if comment.is_empty() { text + "\n" } else { format!("{}  # {}\n", text, comment.join("; ")) }
}

/// The line of a column of times, with the format where day and month cannot be told apart.
pub fn time_line(ours: &str, names: Vec<String>, settled: Option<dates::Settled>, tongue: Tongue) -> Line {
    let Some(settled) = settled else { return Line::new(ours, Theirs::Names(names)) };
    let others = settled.others.join(tongue.say("、", ", ").as_str());
    let why = match settled.reason {
        dates::Reason::Elsewhere => tongue.say("与其他列的写法一致", "as other columns are written"),
        dates::Reason::Order => tongue.say("另一种读法会使时间先后颠倒", "the other reading puts moments out of order"),
        dates::Reason::NotLater => {
            tongue.say("另一种读法会晚于最新的确定日期", "the other reading lies after the latest certain date")
        }
        dates::Reason::Usual => tongue.say("无从判断，暂按日在前", "nothing tells; the day is taken to stand first"),
    };
    let text = if tongue.is_zh() {
        format!("“{}”的日和月无法区分，其他读法：{others}（{why}）", settled.sample)
    } else {
        format!("day and month of \"{}\" cannot be told apart; it may be {others} ({why})", settled.sample)
    };
    let mixed = settled.mixed.then(|| {
        tongue.say(
            "各文件写法不一，请拆分来源或统一写法",
            "the files write it in different ways: one format cannot fit all of them",
        )
    });
    Line::new(ours, Theirs::Written { names, format: settled.likelier }).unsure(Some(text)).unsure(mixed)
}

/// The separator of codes that is seen most, if any is.
pub fn separator(columns: &[&Column]) -> Option<&'static str> {
    const SEPARATORS: [&str; 6] = ["、", ",", "，", ";", "；", "|"];
    let cells: usize = columns.iter().map(|column| column.cells.len()).sum();
    let seen = |separator: &str| {
        columns.iter().flat_map(|column| &column.cells).filter(|cell| cell.text.contains(separator)).count()
    };
    let most = SEPARATORS.into_iter().max_by_key(|separator| seen(separator))?;
    (seen(most) * 50 >= cells && seen(most) > 0).then_some(most)
}
