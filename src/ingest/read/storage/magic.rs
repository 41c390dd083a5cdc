//! Packed formats by their first bytes.

/// Bytes that are looked at. The mark of a tar archive lies farthest from the beginning.
pub const LENGTH: usize = 512;

/// How bytes are packed.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    Gzip,
    Zstd,
    Zip,
    /// A format that is not read, by its name.
    Foreign(&'static str),
    /// Not packed, as far as the first bytes tell.
    Other,
}

/// How something is packed that begins like this.
pub fn kind(first: &[u8]) -> Kind {
    match first {
        [0x1F, 0x8B, ..] => Kind::Gzip,
        // The second is a skippable frame, with which several tools begin.
        [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Kind::Zstd,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Kind::Zip,
        [b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => Kind::Foreign("7-Zip"),
        [b'R', b'a', b'r', b'!', 0x1A, 0x07, ..] => Kind::Foreign("RAR"),
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Kind::Foreign("xz"),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..] => Kind::Foreign("bzip2"),
        [0x04, 0x22, 0x4D, 0x18, ..] => Kind::Foreign("LZ4"),
        _ if first.get(257..262) == Some(b"ustar") => Kind::Foreign("tar"),
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_decide() {
        let mut tar = vec![0; LENGTH];
        tar[257..262].copy_from_slice(b"ustar");
        let cases: [(&[u8], Kind); 8] = [
            (b"\x1F\x8B\x08", Kind::Gzip),
            (b"\x28\xB5\x2F\xFD", Kind::Zstd),
            (b"\x50\x2A\x4D\x18", Kind::Zstd),
            (b"PK\x03\x04\x14", Kind::Zip),
            (b"PK,name\n", Kind::Other),
            (b"BZh9 is a model\n", Kind::Other),
            (&tar, Kind::Foreign("tar")),
            (b"", Kind::Other),
        ];
        for (first, expected) in cases {
            assert_eq!(kind(first), expected, "{first:?}");
        }
    }
}
