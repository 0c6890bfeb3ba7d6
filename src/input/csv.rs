//! Lines of a table: bounded in length and number, whatever the file holds.
//!
//! A row is one line; a quoted field may hold commas and doubled quotation marks but no line break,
//! so that a forgotten quotation mark cannot swallow the rest of a file.

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

/// Longest line of a table, in bytes.
pub const LONGEST_LINE: usize = 1_000_000;
/// Most bytes of a table once unzipped.
pub const MOST_BYTES: u64 = 1_000_000_000;

/// Why the lines of a table could not be read on.
#[derive(Debug)]
pub enum LineFault {
    /// The file cannot be read.
    Io(io::Error),
    /// The zipped file is cut short or damaged.
    Gzip(io::Error),
    /// A line is longer than [`LONGEST_LINE`].
    TooLong,
    /// The table is bigger than [`MOST_BYTES`].
    TooBig,
    /// A line is not UTF-8: the position of the first bad byte in it and the byte.
    NotUtf8(usize, u8),
}

/// The lines of a table, one at a time, in bounded memory.
pub struct Lines {
    source: BufReader<Box<dyn Read>>,
    hash: Rc<RefCell<Sha256>>,
    zipped: bool,
    bytes: u64,
    number: u32,
    buffer: Vec<u8>,
    most_bytes: u64,
}

impl Lines {
    /// Opens a file; a name that ends in `.gz` is unzipped.
    pub fn open(path: &Path) -> io::Result<Self> {
        let hash = Rc::new(RefCell::new(Sha256::new()));
        let file = HashedFile { file: File::open(path)?, hash: hash.clone() };
        let zipped = path.extension().is_some_and(|e| e == "gz");
        let source: Box<dyn Read> =
            if zipped { Box::new(MultiGzDecoder::new(BufReader::new(file))) } else { Box::new(file) };
        let source = BufReader::with_capacity(1 << 16, source);
        Ok(Self { source, hash, zipped, bytes: 0, number: 0, buffer: Vec::new(), most_bytes: MOST_BYTES })
    }

    /// The number of the line last read, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The next line without its end; `None` at the end of the file.
    pub fn next_line(&mut self) -> Result<Option<&str>, LineFault> {
        self.buffer.clear();
        let mut limited = (&mut self.source).take(LONGEST_LINE as u64 + 2);
        let read = limited.read_until(b'\n', &mut self.buffer).map_err(|error| match error.kind() {
            _ if self.zipped => LineFault::Gzip(error),
            _ => LineFault::Io(error),
        })?;
        if read == 0 {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1);
        self.bytes += read as u64;
        if self.bytes > self.most_bytes || self.number == u32::MAX {
            return Err(LineFault::TooBig);
        }
        if self.buffer.last() == Some(&b'\n') {
            self.buffer.pop();
        } else if read > LONGEST_LINE {
            return Err(LineFault::TooLong);
        }
        if self.buffer.last() == Some(&b'\r') {
            self.buffer.pop();
        }
        let skip = if self.number == 1 && self.buffer.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let line = &self.buffer[skip..];
        std::str::from_utf8(line)
            .map(Some)
            .map_err(|e| LineFault::NotUtf8(e.valid_up_to(), line[e.valid_up_to()]))
    }

    /// SHA-256 of the whole file, once all lines are read.
    pub fn sha256(&self) -> String {
        hexadecimal(&self.hash.borrow().clone().finalize())
    }
}

/// SHA-256 of bytes, in lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(digest: &[u8]) -> String {
    use std::fmt::Write;
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A file that hashes what is read from it.
struct HashedFile {
    file: File,
    hash: Rc<RefCell<Sha256>>,
}

impl Read for HashedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.hash.borrow_mut().update(&buffer[..count]);
        Ok(count)
    }
}

/// A field of a row: its bytes in the line, quotation marks left out.
pub type Field = Range<usize>;

/// A quotation mark is not closed on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenQuote {
    /// The field that it opens, from 0.
    pub field: u32,
}

/// The fields of a line. Doubled quotation marks inside a quoted field stay doubled: see [`text_of`].
pub fn split(line: &str) -> Result<Vec<Field>, OpenQuote> {
    let mut fields = Vec::new();
    split_into(line, &mut fields)?;
    Ok(fields)
}

/// As [`split`], into a vector that is used again.
pub fn split_into(line: &str, fields: &mut Vec<Field>) -> Result<(), OpenQuote> {
    fields.clear();
    let bytes = line.as_bytes();
    let mut at = 0;
    loop {
        let start = at;
        if bytes.get(at) == Some(&b'"') {
            let mut end = at + 1;
            loop {
                match bytes.get(end) {
                    None => return Err(OpenQuote { field: u32::try_from(fields.len()).unwrap_or(u32::MAX) }),
                    Some(b'"') if bytes.get(end + 1) == Some(&b'"') => end += 2,
                    Some(b'"') => break,
                    Some(_) => end += 1,
                }
            }
            fields.push(start + 1..end);
            // What follows a closing quotation mark up to the comma is not read.
            at = end + 1;
            while at < bytes.len() && bytes[at] != b',' {
                at += 1;
            }
        } else {
            while at < bytes.len() && bytes[at] != b',' {
                at += 1;
            }
            fields.push(start..at);
        }
        if at >= bytes.len() {
            return Ok(());
        }
        at += 1;
    }
}

/// The text of a field: trimmed, doubled quotation marks undone.
pub fn text_of<'a>(line: &'a str, field: &Field) -> std::borrow::Cow<'a, str> {
    let text = line[field.clone()].trim();
    if text.contains("\"\"") { text.replace("\"\"", "\"").into() } else { text.into() }
}

/// Some lines of a file, for showing them; lines that cannot be read are left out.
pub fn read_lines(path: &Path, wanted: &[u32]) -> Vec<(u32, String)> {
    let last = wanted.iter().copied().max().unwrap_or(0);
    let mut found = Vec::new();
    let Ok(mut lines) = Lines::open(path) else { return found };
    while lines.number() < last {
        let text = match lines.next_line() {
            Ok(Some(line)) => Some(line.to_owned()),
            Err(LineFault::NotUtf8(..)) => None,
            _ => break,
        };
        if wanted.contains(&lines.number()) {
            found.push((
                lines.number(),
                text.unwrap_or_else(|| String::from_utf8_lossy(&lines.buffer).into_owned()),
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(line: &str) -> Vec<String> {
        split(line).unwrap().iter().map(|f| text_of(line, f).into_owned()).collect()
    }

    #[test]
    fn a_table_that_unzips_to_more_than_the_limit_is_not_read_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("big.csv.gz");
        let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut zip, &b"12345\n".repeat(10_000)).unwrap();
        std::fs::write(&path, zip.finish().unwrap()).unwrap();
        let mut lines = Lines::open(&path).unwrap();
        lines.most_bytes = 30_000;
        let fault = loop {
            match lines.next_line() {
                Ok(Some(line)) => assert_eq!(line, "12345"),
                Ok(None) => panic!("read to the end"),
                Err(fault) => break fault,
            }
        };
        assert!(matches!(fault, LineFault::TooBig) && lines.number() == 5_001);
    }

    #[test]
    fn fields_may_be_quoted_and_hold_commas_and_quotation_marks() {
        assert_eq!(fields(r#"a,"b, c","d ""e""",,f"#), ["a", "b, c", "d \"e\"", "", "f"]);
        assert_eq!(fields(""), [""]);
        assert_eq!(fields("a,"), ["a", ""]);
        assert_eq!(split(r#"a,"b"#), Err(OpenQuote { field: 1 }));
    }
}
