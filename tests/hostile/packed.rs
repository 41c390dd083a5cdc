//! Archives that are damaged, locked or made to harm.

use std::fs::File;
use std::io::Write;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{HEADER, refused, rows, tiny};
use crate::any_dump::parts::{gzip, zip};

fn table() -> Vec<u8> {
    format!("{HEADER}{}", rows(500)).into_bytes()
}

#[test]
fn what_is_cut_off_is_refused() {
    let packed = gzip(&table());
    refused("a.csv.gz", &packed[..packed.len() / 2], &["cut off or damaged", "copy it again"]);
    refused("a.csv.gz", &packed[..packed.len() - 4], &["cut off or damaged"]);
    let packed = zstd::encode_all(&table()[..], 3).unwrap();
    refused("a.csv.zst", &packed[..packed.len() / 2], &["cut off or damaged"]);
    let packed = zip(&[("a.csv", &table())]);
    refused("a.zip", &packed[..packed.len() / 2], &["cut off or damaged"]);
    let mut wrong = packed;
    let middle = wrong.len() / 2;
    wrong[middle] ^= 0xFF;
    refused("a.zip", &wrong, &["cut off or damaged"]);
}

/// Writes two bytes at a place of the local header and of the directory of the only member.
fn patched(archive: &[u8], local: usize, directory: usize, value: u16) -> Vec<u8> {
    let mut bytes = archive.to_vec();
    let entry = bytes.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    for at in [local, entry + directory] {
        bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }
    bytes
}

#[test]
fn members_that_cannot_be_unpacked() {
    let packed = zip(&[("a.csv", &table())]);
    refused("a.zip", &patched(&packed, 6, 8, 1), &["a.csv", "encrypted", "password"]);
    refused("a.zip", &patched(&packed, 8, 10, 12), &["a.csv", "bzip2", "Deflate"]);
    refused("a.zip", &zip(&[("b.zip", &packed)]), &["b.zip", "packed once more", "unpack"]);
    refused("a.zip", &zip(&[("dir/", b"")]), &["a.zip"]);
    refused("a.gz", &gzip(&gzip(&table())), &["packed twice"]);
    refused("a.7z", b"7z\xBC\xAF\x27\x1C\0\x04more", &["7-Zip"]);
}

#[test]
fn a_bomb_is_not_unpacked() {
    let tiny = tiny();
    let mut bomb = ZipWriter::new(File::create(tiny.desk.path("dumps/bomb.zip")).unwrap());
    bomb.start_file("a.csv", SimpleFileOptions::default()).unwrap();
    bomb.write_all(HEADER.as_bytes()).unwrap();
    let zeros = vec![b'0'; 1 << 20];
    for _ in 0..110 {
        bomb.write_all(&zeros).unwrap();
    }
    bomb.finish().unwrap();
    let packed = std::fs::metadata(tiny.desk.path("dumps/bomb.zip")).unwrap().len();
    assert!(packed * 900 < 110 << 20, "{packed} bytes");
    let (ran, peak) = super::large::measured(&tiny);
    ran.assert_refused(4, &["bomb.zip", "300 times its size"]);
    assert!(peak.is_none_or(|peak| peak < 300), "{peak:?} MiB");
}

#[test]
fn a_bomb_of_sound_rows_in_many_pieces_is_none_either() {
    let row = format!("T,2026-07-01 08:30,{}\n", "a".repeat(1002));
    let piece = gzip(row.repeat(1024).as_bytes());
    let bomb = [gzip(HEADER.as_bytes()), piece.repeat(70)].concat();
    assert!(bomb.len() * 300 < 70 << 20, "{} bytes", bomb.len());
    refused("bomb.gz", &bomb, &["300 times its size"]);
}
