//! Unpacking within bounds, and what can go wrong on the way, in plain words.

use std::io::{self, Read};

use flate2::Crc;

/// Bytes that may come out of anything, however small it is.
const ALWAYS: u64 = 64 << 20;
/// Beyond that, how many times its packed size something may unpack to. Deflate reaches 1,000 on a single repeated byte;
/// dumps stay below 50.
const RATIO: u64 = 300;

const BOMB: &str = "it unpacks to more than 300 times its size, as no dump does";
const DAMAGED: &str = "the file is cut off or damaged; export or copy it again";

/// A reader of unpacked bytes that ends in an error when there are too many of them.
#[derive(Debug)]
pub struct Guard<R> {
    inner: R,
    left: u64,
    /// Why reading ended; it stays ended.
    failed: Option<&'static str>,
}

impl<R: Read> Guard<R> {
    /// Guards what unpacks from so many bytes.
    pub fn new(inner: R, packed: u64) -> Self {
        Self { inner, left: packed.saturating_mul(RATIO).max(ALWAYS), failed: None }
    }

    fn fail(&mut self, reason: &'static str) -> io::Error {
        self.failed = Some(reason);
        io::Error::other(reason)
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(reason) = self.failed {
            return Err(io::Error::other(reason));
        }
        match self.inner.read(buffer) {
            Ok(n) if n as u64 > self.left => Err(self.fail(BOMB)),
            Ok(n) => {
                self.left -= n as u64;
                Ok(n)
            }
            // The disk's own errors, such as a drive that is gone, pass as they are.
            Err(e) if e.raw_os_error().is_some() || e.kind() == io::ErrorKind::Interrupted => Err(e),
            // zstd says so of frames that were packed with `--long`.
            Err(e) if e.to_string().contains("too much memory") => {
                Err(self.fail("it takes too much memory to unpack; unpack it first"))
            }
            Err(_) => Err(self.fail(DAMAGED)),
        }
    }
}

/// A reader that checks size and checksum at the end.
#[derive(Debug)]
pub struct Checked<R> {
    inner: R,
    crc: Crc,
    left: u64,
    expected: u32,
}

impl<R: Read> Checked<R> {
    pub fn new(inner: R, size: u64, crc: u32) -> Self {
        Self { inner, crc: Crc::new(), left: size, expected: crc }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let n = self.inner.read(buffer)?;
        let right = if n == 0 { self.left == 0 && self.crc.sum() == self.expected } else { n as u64 <= self.left };
        if !right {
            return Err(io::Error::new(io::ErrorKind::InvalidData, DAMAGED));
        }
        self.left -= n as u64;
        self.crc.update(buffer.get(..n).unwrap_or_default());
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_checksums_are_checked() {
        let mut crc = Crc::new();
        crc.update(b"abc");
        let read = |size, sum| {
            let mut text = String::new();
            Checked::new(&b"abc"[..], size, sum).read_to_string(&mut text).map(|_| text).ok()
        };
        assert_eq!(read(3, crc.sum()).as_deref(), Some("abc"));
        assert_eq!((read(2, crc.sum()), read(4, crc.sum()), read(3, crc.sum() ^ 1)), (None, None, None));
    }

    #[test]
    fn a_bomb_is_stopped_and_stays_stopped() {
        let many = ALWAYS + 1000;
        let mut guard = Guard::new(io::repeat(0).take(many), 1000);
        assert_eq!(io::copy(&mut guard, &mut io::sink()).unwrap_err().to_string(), BOMB);
        assert!(guard.read(&mut [0]).is_err());
        assert_eq!(io::copy(&mut Guard::new(io::repeat(0).take(many), many / 299), &mut io::sink()).unwrap(), many);
    }
}
