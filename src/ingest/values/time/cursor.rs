//! Reading a text from its front, bit by bit.

/// What is left of a text, and whether the last sign taken was a digit.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    rest: &'a [u8],
    after_digit: bool,
}

impl<'a> Cursor<'a> {
    pub const fn new(text: &'a str) -> Self {
        Self { rest: text.as_bytes(), after_digit: false }
    }

    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Whether a number would run on into the next sign.
    pub fn is_within_number(&self) -> bool {
        self.after_digit && self.rest.first().is_some_and(u8::is_ascii_digit)
    }

    /// Number of digits at the front.
    pub fn run(&self) -> usize {
        self.rest.iter().take_while(|b| b.is_ascii_digit()).count()
    }

    /// Number of ASCII letters at the front.
    fn letters(&self) -> usize {
        self.rest.iter().take_while(|b| b.is_ascii_alphabetic()).count()
    }

    fn cut(&mut self, length: usize) -> &'a [u8] {
        let (front, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, &[]));
        self.rest = rest;
        self.after_digit = front.last().map_or(self.after_digit, u8::is_ascii_digit);
        front
    }

    /// A number of at least one and at most `most` digits; the next sign is not looked at.
    pub fn number(&mut self, most: usize) -> Option<u32> {
        let length = self.run().min(most);
        (length > 0).then(|| self.cut(length).iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
    }

    /// A number of just so many digits; the next sign is not looked at.
    pub fn exactly(&mut self, length: usize) -> Option<u32> {
        (self.run() >= length).then(|| self.number(length)).flatten()
    }

    /// All digits at the front, as microseconds after a decimal point; finer ones are cut off.
    pub fn fraction(&mut self) -> Option<i64> {
        let figures = self.cut(self.run());
        (!figures.is_empty())
            .then(|| (0..6).fold(0, |sum, i| sum * 10 + figures.get(i).map_or(0, |d| i64::from(d - b'0'))))
    }

    pub fn take(&mut self, sign: u8) -> bool {
        let found = self.rest.first() == Some(&sign);
        if found {
            self.cut(1);
        }
        found
    }

    pub fn take_text(&mut self, text: &str) -> bool {
        let found = self.rest.starts_with(text.as_bytes());
        if found {
            self.cut(text.len());
        }
        found
    }

    /// The first of the pairs whose text stands at the front.
    pub fn take_any<T: Copy>(&mut self, texts: &[(&str, T)]) -> Option<T> {
        texts.iter().find(|(text, _)| self.take_text(text)).map(|(_, meaning)| *meaning)
    }

    /// An English word, whatever its case: the index of the name that it is, in full or by its first three letters.
    pub fn take_name(&mut self, names: &[&str]) -> Option<usize> {
        let (word, _) = self.rest.split_at_checked(self.letters())?;
        let is = |name: &&str| {
            let whole = name.as_bytes();
            word.eq_ignore_ascii_case(whole) || whole.get(..3).is_some_and(|short| word.eq_ignore_ascii_case(short))
        };
        let index = names.iter().position(is)?;
        self.cut(word.len());
        Some(index)
    }

    /// Skips blanks; whether there were any.
    pub fn blanks(&mut self) -> bool {
        self.skip(|b| b.is_ascii_whitespace())
    }

    /// Skips signs of a kind; whether there were any.
    pub fn skip(&mut self, kind: impl Fn(u8) -> bool) -> bool {
        let length = self.rest.iter().take_while(|b| kind(**b)).count();
        self.cut(length);
        length > 0
    }
}
