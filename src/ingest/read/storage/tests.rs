use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use encoding_rs::GB18030;

use super::*;

fn saved(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        if name.ends_with('/') {
            writer.add_directory(*name, SimpleFileOptions::default()).unwrap();
        } else {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

/// Every text that a file holds, with the name of its member, or why there is none.
fn texts(bytes: &[u8]) -> Result<Vec<(String, String)>, String> {
    let file = saved(bytes);
    let one = |storage: Storage| {
        let (mut text, mut again) = (String::new(), String::new());
        open(file.path(), &storage)?.read_to_string(&mut text).map_err(|e| e.to_string())?;
        open_seekable(file.path(), &storage)?.read_to_string(&mut again).map_err(|e| e.to_string())?;
        assert_eq!(text, again);
        let name = if let Storage::Member { name, .. } = storage { name } else { format!("{storage:?}") };
        Ok((name, text))
    };
    contents(file.path())?.into_iter().map(one).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn what_is_packed_comes_out() {
    let zstd = |text: &[u8]| zstd::encode_all(text, 3).unwrap();
    assert_eq!(texts(b"a,b\n"), Ok(pairs(&[("Plain", "a,b\n")])));
    assert_eq!(texts(b""), Ok(pairs(&[("Plain", "")])));
    assert_eq!(texts(&[gzip(b"a,b\n"), gzip(b"1,2\n")].concat()), Ok(pairs(&[("Gzip", "a,b\n1,2\n")])));
    assert_eq!(texts(&[zstd(b"a,b\n"), zstd(b"1,2\n")].concat()), Ok(pairs(&[("Zstd", "a,b\n1,2\n")])));
    let archive = zip(&[("b/2026.csv", b"2"), ("b/", b""), ("__MACOSX/._a", b"x"), ("a/2026.csv", b"1")]);
    assert_eq!(texts(&archive), Ok(pairs(&[("a/2026.csv", "1"), ("b/2026.csv", "2")])));
}

#[test]
fn workbooks_are_left_whole() {
    let workbook = zip(&[("[Content_Types].xml", b""), ("xl/workbook.xml", b"")]);
    let sheet = zip(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"")]);
    for bytes in [&workbook, &sheet] {
        assert_eq!(contents(saved(bytes).path()), Ok(vec![Storage::Plain]));
    }
    assert_eq!(contents(saved(&gzip(&workbook)).path()), Ok(vec![Storage::Gzip]));
    let members = contents(saved(&zip(&[("七月.xlsx", &workbook)])).path());
    assert_eq!(members, Ok(vec![Storage::Member { index: 0, name: "七月.xlsx".to_owned() }]));
}

#[test]
fn names_in_a_chinese_code_page_are_read() {
    // The stand-in has as many bytes as the name in GBK, in both places where a zip writes it.
    let mut archive = zip(&[("ABCDEFGH.csv", b"1")]);
    let (name, stand_in) = (GB18030.encode("工单七月").0, b"ABCDEFGH");
    for at in 0..archive.len() - stand_in.len() {
        if archive[at..].starts_with(stand_in) {
            archive[at..at + stand_in.len()].copy_from_slice(&name);
        }
    }
    assert_eq!(texts(&archive), Ok(pairs(&[("工单七月.csv", "1")])));
}

#[test]
fn what_cannot_be_unpacked_says_why() {
    let archive = zip(&[("a.csv", &[b'x'; 5000])]);
    let changed = |signature: &[u8], offset: usize, value: u8| {
        let mut bytes = archive.clone();
        let at = (0..bytes.len()).find(|at| bytes[*at..].starts_with(signature)).unwrap();
        bytes[at + offset] = value;
        bytes
    };
    let bomb = gzip(&vec![0; 70 << 20]);
    let random: Vec<u8> = (0..3000_u32).map(|i| i.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    let packed = gzip(&random);
    let cases: [(Vec<u8>, &str); 12] = [
        (zip(&[]), "the archive holds no files"),
        (zip(&[("a/", b""), ("a/.DS_Store", b"x")]), "the archive holds no files"),
        (gzip(&gzip(b"x")), "packed twice: it holds a gzip file"),
        (gzip(&zip(&[("a.csv", b"1")])), "packed twice: it holds a zip archive"),
        (
            zip(&[("in.zip", &zip(&[("a.csv", b"1")]))]),
            "its member \"in.zip\" is packed once more: it is a zip archive",
        ),
        (zip(&[("in.gz", &gzip(b"1"))]), "its member \"in.gz\" is packed once more: it is a gzip file"),
        (b"7z\xBC\xAF\x27\x1C\0\0".to_vec(), "it is packed with 7-Zip"),
        (packed[..packed.len() / 2].to_vec(), "cut off or damaged"),
        (archive[..archive.len() - 30].to_vec(), "the archive is cut off or damaged"),
        (changed(b"PK\x01\x02", 8, 1), "its member \"a.csv\" cannot be read: it is encrypted"),
        (changed(b"PK\x01\x02", 10, 9), "its member \"a.csv\" cannot be read: it is packed with Deflate64"),
        (bomb, "unpacks to more than 300 times its size"),
    ];
    for (bytes, expected) in cases {
        let reason = texts(&bytes).map(|_| ()).unwrap_err();
        assert!(reason.contains(expected), "{reason:?} should say {expected:?}");
    }
    // The checksum of a member is looked at when all of it has been read.
    let wrong = changed(b"PK\x01\x02", 16, 0x5A);
    assert!(texts(&wrong).map(|_| ()).unwrap_err().contains("cut off or damaged"));
    let folder = tempfile::tempdir().unwrap();
    assert!(contents(folder.path()).unwrap_err().contains("it is a folder"));
    assert_eq!(contents(&folder.path().join("gone.csv")), Err("there is no such file".to_owned()));
}
