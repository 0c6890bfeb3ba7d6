//! A table of the data folder: found, opened, its header checked, its rows read one at a time.

use super::codes::{self, Code};
use super::csv::{self, LONGEST_LINE, LineFault, Lines, MOST_BYTES};
use super::faults::{Faults, list, nearest};
use super::header::{find_columns, read_header};
use super::location::{Location, Spot};
use super::on_demand;
use super::row::Row;
use super::tables::TableShape;
use super::{InputFile, Note};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What reading gathers on the way.
pub struct Reading {
    /// Where the tables are.
    pub folder: DataFolder,
    /// Faults so far.
    pub faults: Faults,
    /// Notes so far.
    pub notes: Vec<Note>,
    /// Files read so far.
    pub inputs: Vec<InputFile>,
}

/// Where tables are looked for.
#[derive(Debug, Clone)]
pub struct DataFolder {
    /// The data folder.
    pub root: PathBuf,
    /// The model's own folder of tables, which goes before all others.
    pub own: Option<PathBuf>,
    /// The folder of area tables inside it, which goes before it.
    pub areas: Option<PathBuf>,
}

impl DataFolder {
    /// The folders, in the order in which a table is looked for.
    fn folders(&self) -> impl Iterator<Item = &PathBuf> {
        self.own.iter().chain(&self.areas).chain([&self.root])
    }

    /// The command that makes the folder of area tables, where the data folder tells one.
    fn command(&self) -> Option<String> {
        let areas = self.areas.as_ref()?.file_name()?;
        on_demand::command_for(&self.root, &areas.to_string_lossy())
    }

    /// The files that hold a table: none, one, or the plain and the zipped one of the same folder.
    fn files_of(&self, name: &str) -> Vec<PathBuf> {
        for folder in self.folders() {
            let files = [format!("{name}.csv"), format!("{name}.csv.gz")].map(|file| folder.join(file));
            let found: Vec<PathBuf> = files.into_iter().filter(|file| file.exists()).collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }
    /// Whether a table is there.
    pub fn has(&self, shape: &TableShape) -> bool {
        !self.files_of(shape.name).is_empty()
    }
}

/// An open table whose header was checked.
pub struct Table {
    shape: &'static TableShape,
    file: Arc<str>,
    lines: Lines,
    /// Position in a row of each column of the shape.
    positions: Vec<Option<usize>>,
    header_fields: usize,
}

impl Reading {
    /// Opens a table that must be there; `None` when it is not, or its header is at fault.
    pub fn open(&mut self, shape: &'static TableShape) -> Option<Table> {
        self.open_named(shape, shape.name)
    }

    /// Opens a table that may be missing; a note says what is off without it.
    pub fn open_optional(&mut self, shape: &'static TableShape) -> Option<Table> {
        if self.folder.has(shape) {
            return self.open(shape);
        }
        let without = shape.without.unwrap_or("nothing is read from it");
        self.note(codes::NOTE_PART_OFF, format!("no `{}.csv`: {without}", shape.name));
        None
    }

    /// Opens a table that may be missing without a note, because what goes without it is told elsewhere or
    /// goes without saying.
    pub fn open_if_there(&mut self, shape: &'static TableShape) -> Option<Table> {
        if self.folder.has(shape) { self.open(shape) } else { None }
    }

    /// Opens a table of a shape under another name.
    pub fn open_named(&mut self, shape: &'static TableShape, name: &str) -> Option<Table> {
        let files = self.folder.files_of(name);
        let [path] = files.as_slice() else {
            match files.first() {
                None => self.report_missing(shape, name),
                Some(path) => self.faults.add(
                    codes::TWO_COPIES,
                    Location::file(&display(path)),
                    format!("both `{name}.csv` and `{name}.csv.gz` are there"),
                    "remove the one that is out of date",
                ),
            }
            return None;
        };
        Table::open(shape, path, &mut self.faults)
    }

    fn report_missing(&mut self, shape: &TableShape, name: &str) {
        let root = display(&self.folder.root);
        let near = self.folder.near(name);
        let columns = list(shape.columns.iter().map(|column| column.name));
        let cure = match (near, self.folder.command()) {
            (Some(near), _) => format!("did you mean `{near}`? The table is to be called `{name}.csv`"),
            (None, Some(command)) => format!("the area tables are not all there: run `{command}`"),
            (None, None) => format!("add `{name}.csv` (or `.csv.gz`) with the columns {columns}"),
        };
        let cause = format!("no table `{name}.csv` in the data folder: each row is {}", shape.row);
        self.faults.add(codes::TABLE_MISSING, Location::file(&root), cause, cure);
    }

    /// Adds a note.
    pub fn note(&mut self, code: Code, text: impl Into<String>) {
        self.notes.push(Note { code, text: text.into() });
    }

    /// Reads all rows of a table, and notes the file.
    pub fn each(&mut self, table: Table, mut read: impl FnMut(&Row<'_>, &mut Faults)) {
        let Table { shape, file, mut lines, positions, header_fields } = table;
        let mut fields = Vec::new();
        let mut count = 0_usize;
        loop {
            let number = lines.number() + 1;
            let text = match lines.next_line() {
                Ok(Some(text)) => text,
                Ok(None) => break,
                Err(fault) => {
                    let goes_on = matches!(fault, LineFault::NotUtf8(..));
                    report_line_fault(&file, number, &fault, &mut self.faults);
                    if goes_on && self.faults.tells(codes::TABLE_NOT_UTF8, &file) {
                        continue;
                    }
                    return;
                }
            };
            if text.trim().is_empty() {
                continue;
            }
            count += 1;
            if let Err(quote) = csv::split_into(text, &mut fields) {
                let at = Location { file: file.clone(), line: number, spot: Spot::Line };
                let cause =
                    format!("the quotation mark of field {} is not closed on this line", quote.field + 1);
                self.faults.add(codes::OPEN_QUOTE, at, cause, "close it; a field cannot hold a line break");
                continue;
            }
            if fields.len() != header_fields {
                let cause = format!("{} fields where the header has {header_fields}", fields.len());
                let cure = "add what is missing, or put a field that holds a comma into quotation marks";
                self.faults.add(codes::FIELD_COUNT, Location::line(&file, number), cause, cure);
                continue;
            }
            let row = Row { file: &file, line: number, text, fields: &fields, shape, positions: &positions };
            read(&row, &mut self.faults);
        }
        if count == 0 {
            let cause = "the table has a header but no rows".to_owned();
            let cure = match shape.without {
                None => format!("add rows: each is {}", shape.row),
                Some(without) => format!("add rows, or remove the file: then {without}"),
            };
            self.faults.add(codes::TABLE_EMPTY, Location::file(&file), cause, cure);
        }
        self.inputs.push(InputFile { path: PathBuf::from(&*file), sha256: lines.sha256() });
    }
}

impl DataFolder {
    /// A file of the folder whose name is nearly that of a table.
    fn near(&self, name: &str) -> Option<String> {
        let wanted = format!("{name}.csv");
        let mut names = Vec::new();
        for folder in self.folders() {
            let entries = std::fs::read_dir(folder).ok()?;
            names.extend(
                entries.take(1000).flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()),
            );
        }
        names.sort();
        // Names of other tables are no slips of this one.
        names.retain(|file| !super::tables::ALL.iter().any(|t| file.starts_with(&format!("{}.csv", t.name))));
        nearest(&wanted, names.iter().map(String::as_str)).map(str::to_owned)
    }
}

/// A path as the user would name it.
pub fn display(path: &Path) -> Arc<str> {
    path.display().to_string().into()
}

impl Table {
    fn open(shape: &'static TableShape, path: &Path, faults: &mut Faults) -> Option<Self> {
        let file = display(path);
        let mut lines = match Lines::open(path) {
            Ok(lines) => lines,
            Err(error) => {
                report_line_fault(&file, 0, &LineFault::Io(error), faults);
                return None;
            }
        };
        let header = match lines.next_line() {
            Ok(Some(text)) if !text.trim().is_empty() => text.to_owned(),
            Ok(_) => {
                let columns = list(shape.columns.iter().map(|column| column.name));
                let cure = format!("write a header with the columns {columns}, then rows");
                faults.add(codes::TABLE_EMPTY, Location::file(&file), "the table is empty", cure);
                return None;
            }
            Err(fault) => {
                report_line_fault(&file, 1, &fault, faults);
                return None;
            }
        };
        let names = read_header(&file, &header, faults)?;
        let positions = find_columns(shape, &file, &names, faults)?;
        Some(Self { shape, file, lines, positions, header_fields: names.len() })
    }
}

fn report_line_fault(file: &Arc<str>, line: u32, fault: &LineFault, faults: &mut Faults) {
    let at = Location::line(file, line);
    match fault {
        LineFault::Io(error) => {
            let cause = format!("the table cannot be read: {error}");
            faults.add(
                codes::TABLE_UNREADABLE,
                Location::file(file),
                cause,
                "look at the file and its permissions",
            );
        }
        LineFault::Gzip(error) => {
            let cause = format!(
                "the zipped table is cut short or damaged after line {}: {error}",
                line.saturating_sub(1)
            );
            faults.add(codes::DAMAGED_GZIP, Location::file(file), cause, "copy or write the file again");
        }
        LineFault::TooLong => {
            let cause = format!("a line of more than {LONGEST_LINE} bytes");
            faults.add(codes::LINE_TOO_LONG, at, cause, "look whether the line breaks got lost");
        }
        LineFault::TooBig => {
            let cause = format!("the table is larger than {MOST_BYTES} bytes");
            faults.add(
                codes::TABLE_TOO_BIG,
                Location::file(file),
                cause,
                "leave out what the model does not need",
            );
        }
        LineFault::NotUtf8(position, byte) => {
            let spot = Spot::Character(u32::try_from(position + 1).unwrap_or(u32::MAX));
            let zip = "this is a zipped file: give it a name that ends in `.csv.gz`";
            let cure = if *byte == 0x8b {
                zip
            } else {
                "save the table as UTF-8 (it may be Latin-1 or Windows-1252 now)"
            };
            let cause = format!("byte 0x{byte:02X} is not UTF-8 text");
            faults.add(codes::TABLE_NOT_UTF8, Location { spot, ..at }, cause, cure);
        }
    }
}
