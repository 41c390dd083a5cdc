//! One line of JSON, taken apart as it stands: an object of values, read once from left to right.

use std::borrow::Cow;

use super::number::{is_number, plain};

/// Objects within objects that become columns of their own; deeper ones stay JSON.
const FLAT: usize = 8;
/// Nesting beyond which a line is no row of a table.
const DEEPEST: usize = 64;
/// Bytes of a column's name.
const LONGEST_NAME: usize = 1000;

/// Why a line cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub enum Bad {
    /// It is no JSON object, or has a key twice.
    Malformed,
    /// It has a key that is not known.
    Key(String),
}

/// A value of the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'c> {
    /// `null`, or an object without keys.
    Empty,
    Text(&'c str),
    /// A number as it is written.
    Number(&'c str),
}

/// Hands over each value of the object with the name of its column.
pub fn read<F>(line: &[u8], take: &mut F) -> Result<(), Bad>
where
    F: FnMut(&str, Cell) -> Result<(), Bad>,
{
    let text = std::str::from_utf8(line).map_err(|_| Bad::Malformed)?;
    let mut scanner = Scanner { text, at: 0 };
    scanner.blanks();
    scanner.object(None, 0, take)?;
    scanner.blanks();
    if scanner.at == text.len() { Ok(()) } else { Err(Bad::Malformed) }
}

struct Scanner<'l> {
    text: &'l str,
    at: usize,
}

impl<'l> Scanner<'l> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// Takes the byte if it comes next.
    fn eat(&mut self, byte: u8) -> bool {
        let eaten = self.peek() == Some(byte);
        self.at += usize::from(eaten);
        eaten
    }

    fn expect(&mut self, byte: u8) -> Result<(), Bad> {
        if self.eat(byte) { Ok(()) } else { Err(Bad::Malformed) }
    }

    fn since(&self, start: usize) -> Result<&'l str, Bad> {
        self.text.get(start..self.at).ok_or(Bad::Malformed)
    }

    /// Members of an object or items of a list, each read by `item`, up to the closing byte. Says whether there were any.
    fn series(&mut self, close: u8, mut item: impl FnMut(&mut Self) -> Result<(), Bad>) -> Result<bool, Bad> {
        self.at += 1;
        self.blanks();
        if self.eat(close) {
            return Ok(false);
        }
        loop {
            self.blanks();
            item(self)?;
            self.blanks();
            if self.eat(close) {
                return Ok(true);
            }
            self.expect(b',')?;
        }
    }

    fn key(&mut self) -> Result<Cow<'l, str>, Bad> {
        let key = self.string()?;
        self.blanks();
        self.expect(b':')?;
        self.blanks();
        Ok(key)
    }

    fn object<F>(&mut self, outer: Option<&str>, depth: usize, take: &mut F) -> Result<(), Bad>
    where
        F: FnMut(&str, Cell) -> Result<(), Bad>,
    {
        if self.peek() != Some(b'{') {
            return Err(Bad::Malformed);
        }
        let any = self.series(b'}', |scanner| {
            let key = scanner.key()?;
            let name = outer.map_or(key.clone(), |outer| Cow::Owned(format!("{outer}.{key}")));
            if name.len() > LONGEST_NAME {
                return Err(Bad::Malformed);
            }
            scanner.value(&name, depth, take)
        })?;
        match outer {
            Some(name) if !any => take(name, Cell::Empty),
            _ => Ok(()),
        }
    }

    fn value<F>(&mut self, name: &str, depth: usize, take: &mut F) -> Result<(), Bad>
    where
        F: FnMut(&str, Cell) -> Result<(), Bad>,
    {
        match self.peek() {
            Some(b'{') if depth < FLAT => self.object(Some(name), depth + 1, take),
            Some(b'{') => {
                let start = self.at;
                self.skip(depth)?;
                take(name, Cell::Text(self.since(start)?))
            }
            Some(b'[') => {
                let joined = self.list(depth)?;
                take(name, Cell::Text(&joined))
            }
            Some(b'"') => {
                let text = self.string()?;
                take(name, Cell::Text(&text))
            }
            _ => {
                let cell = self.word()?;
                take(name, cell)
            }
        }
    }

    /// A list of plain values, joined; as JSON where an item is deeper or holds the separator itself.
    fn list(&mut self, depth: usize) -> Result<Cow<'l, str>, Bad> {
        let start = self.at;
        let mut joined = String::new();
        let (mut plain_items, mut first) = (true, true);
        self.series(b']', |scanner| {
            if !std::mem::take(&mut first) {
                joined.push(';');
            }
            match scanner.peek() {
                Some(b'{' | b'[') => {
                    plain_items = false;
                    scanner.skip(depth + 1)?;
                }
                Some(b'"') => {
                    let text = scanner.string()?;
                    plain_items &= !text.contains(';');
                    joined.push_str(&text);
                }
                _ => match scanner.word()? {
                    Cell::Empty => {}
                    Cell::Text(text) => joined.push_str(text),
                    Cell::Number(text) => {
                        plain(text, &mut joined);
                    }
                },
            }
            Ok(())
        })?;
        Ok(if plain_items { Cow::Owned(joined) } else { Cow::Borrowed(self.since(start)?) })
    }

    /// Passes over a value, checking that it is JSON.
    fn skip(&mut self, depth: usize) -> Result<(), Bad> {
        if depth > DEEPEST {
            return Err(Bad::Malformed);
        }
        match self.peek() {
            Some(b'{') => {
                self.series(b'}', |scanner| {
                    scanner.key()?;
                    scanner.skip(depth + 1)
                })?;
            }
            Some(b'[') => {
                self.series(b']', |scanner| scanner.skip(depth + 1))?;
            }
            Some(b'"') => {
                self.string()?;
            }
            _ => {
                self.word()?;
            }
        }
        Ok(())
    }

    fn string(&mut self) -> Result<Cow<'l, str>, Bad> {
        self.expect(b'"')?;
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let end = rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20)).ok_or(Bad::Malformed)?;
        self.at += end;
        let plain = self.since(start)?;
        if self.eat(b'"') {
            return Ok(Cow::Borrowed(plain));
        }
        let mut text = plain.to_owned();
        loop {
            match self.peek().ok_or(Bad::Malformed)? {
                b'"' => {
                    self.at += 1;
                    return Ok(Cow::Owned(text));
                }
                b'\\' => text.push(self.escape()?),
                0..0x20 => return Err(Bad::Malformed),
                _ => {
                    let start = self.at;
                    while self.peek().is_some_and(|b| !matches!(b, b'"' | b'\\' | 0..0x20)) {
                        self.at += 1;
                    }
                    text.push_str(self.since(start)?);
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Bad> {
        self.at += 1;
        let byte = self.peek().ok_or(Bad::Malformed)?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.hex()?;
                // Characters beyond the first plane come as two units.
                let code = if (0xD800..0xDC00).contains(&unit) {
                    self.expect(b'\\')?;
                    self.expect(b'u')?;
                    let low = self.hex()?.checked_sub(0xDC00).filter(|low| *low < 0x400).ok_or(Bad::Malformed)?;
                    0x10000 + ((unit - 0xD800) << 10) + low
                } else {
                    unit
                };
                char::from_u32(code).ok_or(Bad::Malformed)?
            }
            _ => return Err(Bad::Malformed),
        })
    }

    fn hex(&mut self) -> Result<u32, Bad> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Bad::Malformed)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Bad::Malformed);
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| Bad::Malformed)
    }

    /// A number, or one of the words that stand without quotes. `NaN` and its like are no JSON, but programs write them.
    fn word(&mut self) -> Result<Cell<'l>, Bad> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')) {
            self.at += 1;
        }
        let word = self.since(start)?;
        Ok(match word {
            "null" => Cell::Empty,
            "true" => Cell::Text("TRUE"),
            "false" => Cell::Text("FALSE"),
            "NaN" | "Infinity" | "-Infinity" => Cell::Text(word),
            _ if is_number(word.as_bytes()) => Cell::Number(word),
            _ => return Err(Bad::Malformed),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line's values, `name=text`, numbers with `#`.
    fn values(line: &str) -> Result<String, Bad> {
        let mut out = Vec::new();
        read(line.as_bytes(), &mut |name, cell| {
            out.push(match cell {
                Cell::Empty => format!("{name}="),
                Cell::Text(text) => format!("{name}={text}"),
                Cell::Number(text) => format!("{name}=#{text}"),
            });
            Ok(())
        })?;
        Ok(out.join("|"))
    }

    #[test]
    fn values_come_as_they_are_written() {
        let deep = format!("{}1{}", "{\"a\":".repeat(10), "}".repeat(10));
        let cases = [
            (" { \"a\" : \"x\\ty\\u4e2d\\uD83D\\uDE00\\/\" , \"b\":true,\"c\":null } ", "a=x\ty中😀/|b=TRUE|c="),
            ("{\"n\":12345678901234567890123,\"m\":-1.50,\"e\":1E400}", "n=#12345678901234567890123|m=#-1.50|e=#1E400"),
            ("{\"a\":{\"b\":{\"c\":1},\"d\":{}},\"e\":[]}", "a.b.c=#1|a.d=|e="),
            (
                "{\"a\":[1.0,null,\"x\",false],\"b\":[\"x;y\"],\"c\":[[1],{\"d\":2}]}",
                "a=1;;x;FALSE|b=[\"x;y\"]|c=[[1],{\"d\":2}]",
            ),
            ("{\"a\\u002e\":NaN}", "a.=NaN"),
            (&deep, "a.a.a.a.a.a.a.a.a={\"a\":1}"),
        ];
        for (line, expected) in cases {
            assert_eq!(values(line).as_deref(), Ok(expected), "{line}");
        }
    }

    #[test]
    fn what_is_no_object_is_malformed() {
        let deep = format!("{{\"a\":{}", "[".repeat(1000));
        let lines = [
            "",
            "1",
            "[]",
            "{",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":+1}",
            "{\"a\":1e}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\uD83D\"}",
            "{\"a\":\"\\u+123\"}",
            "{\"a\":\"tab\there\"}",
            "{\"a\":tru}",
            "{\"a\":1} x",
            "{\"a\":[1 2]}",
            "{\"a\":\"",
            "{\"a\":\"\\",
            "{\"a\":\"\\u12",
            "{'a':1}",
            &deep,
        ];
        for line in lines {
            assert_eq!(values(line), Err(Bad::Malformed), "{line}");
        }
    }
}
