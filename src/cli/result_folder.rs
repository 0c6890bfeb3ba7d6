//! The result folder: whole or not at all.
//!
//! Files are written into a hidden folder beside the wanted one, brought safely to the disk, and only
//! then given the wanted name. Whatever goes wrong before that leaves nothing behind.

use super::signals::HalfWritten;
use crate::input::paths::folder_of;
use crate::input::{self, Loaded};
use crate::report::{ReportFile, manifest, value_curves};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Files that other commands put into a result folder: they may be replaced with the rest.
const ADDED_LATER: [&str; 5] =
    ["areas.parquet", "flows.parquet", "report.html", "results.xlsx", value_curves::NAME];
/// How many strangers are named in a message.
const NAMED: usize = 3;

/// The model that a result folder holds; its absence means that the folder is none.
pub fn model_of(folder: &Path) -> Result<PathBuf, String> {
    let model = folder.join("model.yaml");
    if model.is_file() {
        return Ok(model);
    }
    Err(format!("{} is no result folder: it has no model.yaml", folder.display()))
}

/// Reads the model of a result and its data again, for something that needs them.
pub fn load_again(model: &Path, what: &str) -> Result<Loaded, String> {
    input::load(model).map_err(|faults| {
        format!("{what} needs the data that the result was made from, and they cannot be read:\n{faults}")
    })
}

/// Why a result folder could not be written. In each case nothing of it is left behind, and an older
/// result stands as it was.
#[derive(Debug, Error)]
pub enum FolderError {
    /// There is something else of that name.
    #[error("{} exists and is no result folder of this program: choose another with -o", path.display())]
    NotOurs {
        /// The folder.
        path: PathBuf,
    },
    /// Somebody keeps other files in it.
    #[error("{} also holds files that this program did not write ({names}): move them, or choose another folder with -o", path.display())]
    Strangers {
        /// The folder.
        path: PathBuf,
        /// Some of their names.
        names: String,
    },
    /// The disk is full.
    #[error("the disk is full: nothing was written to {}", path.display())]
    Full {
        /// The folder.
        path: PathBuf,
    },
    /// Somebody asked to stop.
    #[error("stopped while writing: nothing was written to {}", path.display())]
    Stopped {
        /// The folder.
        path: PathBuf,
    },
    /// Anything else.
    #[error("{} could not be written: {source}", path.display())]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Whether a result may be written there: looked at before a long solve as well as after it.
pub fn check(folder: &Path) -> Result<(), FolderError> {
    let not_ours = || FolderError::NotOurs { path: folder.to_owned() };
    let Ok(metadata) = fs::metadata(folder) else { return Ok(()) };
    if !metadata.is_dir() {
        return Err(not_ours());
    }
    let mut names: Vec<String> = fs::read_dir(folder)
        .and_then(|entries| entries.map(|e| Ok(e?.file_name().to_string_lossy().into_owned())).collect())
        .map_err(|source| FolderError::Io { path: folder.to_owned(), source })?;
    if names.is_empty() {
        return Ok(());
    }
    let written = files_of(folder).ok_or_else(not_ours)?;
    let ours = |name: &String| {
        name == manifest::NAME || ADDED_LATER.contains(&name.as_str()) || written.contains(name)
    };
    names.retain(|name| !ours(name));
    names.sort();
    if names.is_empty() {
        return Ok(());
    }
    let more = if names.len() > NAMED { format!(" and {} more", names.len() - NAMED) } else { String::new() };
    names.truncate(NAMED);
    Err(FolderError::Strangers { path: folder.to_owned(), names: names.join(", ") + &more })
}

/// The files that a folder's manifest lists; `None` when it has no manifest of ours.
fn files_of(folder: &Path) -> Option<Vec<String>> {
    let text = fs::read_to_string(folder.join(manifest::NAME)).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&text).ok()?;
    if manifest.get("program")?.as_str()? != manifest::PROGRAM {
        return None;
    }
    let files = manifest.get("files")?.as_array()?;
    Some(files.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect())
}

/// Writes the files as a folder of that name, replacing an older result. `stop` is asked between files.
pub fn write(folder: &Path, files: &[ReportFile], stop: &dyn Fn() -> bool) -> Result<(), FolderError> {
    check(folder)?;
    // Through a link the folder it points to is replaced, not the link.
    let target = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let parent = folder_of(&target);
    let made = MadeFolders::make(parent).map_err(|source| fault(folder, source))?;
    write_beside(folder, &target, parent, files, stop)?;
    made.keep();
    Ok(())
}

fn write_beside(
    folder: &Path,
    target: &Path,
    parent: &Path,
    files: &[ReportFile],
    stop: &dyn Fn() -> bool,
) -> Result<(), FolderError> {
    let failed = |source| fault(folder, source);
    let new = hidden_folder(parent).map_err(failed)?;
    let mark = HalfWritten::mark(new.path());
    for file in files {
        if stop() {
            return Err(FolderError::Stopped { path: folder.to_owned() });
        }
        let mut open = File::create_new(new.path().join(file.name)).map_err(failed)?;
        open.write_all(&file.bytes).and_then(|()| open.sync_all()).map_err(failed)?;
    }
    sync_folder(new.path()).map_err(failed)?;
    mark.finish(|| swap(new.path(), target, parent)).map_err(failed)?;
    // The folder has its name now: there is nothing hidden left to remove.
    let _ = new.keep();
    sync_folder(parent).map_err(failed)
}

/// Writes one file beside others, whole or not at all: an older one of that name stands until the new one is safe.
pub fn write_file(file: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let failed = |source| fault(file, source);
    let folder = folder_of(file);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bedalloc-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut new = builder.tempfile_in(folder).map_err(failed)?;
    new.write_all(bytes).and_then(|()| new.as_file().sync_all()).map_err(failed)?;
    new.persist(file).map_err(|error| failed(error.error))?;
    sync_folder(folder).map_err(failed)
}

/// Gives the new folder the wanted name; an older one stands aside first and is removed afterwards.
fn swap(new: &Path, target: &Path, parent: &Path) -> io::Result<()> {
    if !target.exists() {
        return fs::rename(new, target);
    }
    let aside = hidden_folder(parent)?;
    let old = aside.path().join("old");
    fs::rename(target, &old)?;
    if let Err(error) = fs::rename(new, target) {
        fs::rename(&old, target)?;
        return Err(error);
    }
    // The result is in place: an old one that cannot be removed is no reason to call it a failure.
    drop(aside);
    Ok(())
}

fn hidden_folder(parent: &Path) -> io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bedalloc-");
    #[cfg(unix)]
    {
        // As any folder that a user makes: what it becomes is theirs to read and share.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(parent)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn fault(folder: &Path, source: io::Error) -> FolderError {
    let path = folder.to_owned();
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => FolderError::Full { path },
        _ => FolderError::Io { path, source },
    }
}

/// Folders made on the way to the wanted one, removed again unless kept.
struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    fn make(folder: &Path) -> io::Result<Self> {
        let missing = folder.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists());
        let made = Self(missing.map(Path::to_owned).collect());
        fs::create_dir_all(folder)?;
        Ok(made)
    }
    fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        for folder in &self.0 {
            // Only empty ones go: somebody else may have begun to use it.
            drop(fs::remove_dir(folder));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(version: &str) -> Vec<ReportFile> {
        let manifest = r#"{"program": "bedalloc", "files": ["summary.json"]}"#;
        vec![
            ReportFile { name: "summary.json", bytes: version.as_bytes().to_vec() },
            ReportFile { name: manifest::NAME, bytes: manifest.as_bytes().to_vec() },
        ]
    }
    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
    const ON: &dyn Fn() -> bool = &|| false;

    #[test]
    fn a_result_replaces_an_older_one_and_leaves_nothing_beside_it() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("results/england");
        write(&folder, &files("1"), ON).expect("a new folder");
        write(&folder, &files("2"), ON).expect("an older result");
        assert_eq!(fs::read_to_string(folder.join("summary.json")).expect("a file"), "2");
        assert_eq!(names(&home.path().join("results")), ["england"]);
        assert_eq!(names(&folder), ["manifest.json", "summary.json"]);
    }
    #[test]
    fn folders_of_other_programs_and_folders_with_notes_are_left_alone() {
        let home = tempfile::tempdir().expect("a folder");
        let other = home.path().join("extension");
        fs::create_dir(&other).expect("a folder");
        fs::write(other.join("manifest.json"), r#"{"program": "other"}"#).expect("a file");
        assert!(matches!(write(&other, &files("1"), ON), Err(FolderError::NotOurs { .. })));
        let ours = home.path().join("ours");
        write(&ours, &files("1"), ON).expect("a new folder");
        fs::write(ours.join("notes.txt"), "mine").expect("a file");
        let refusal = write(&ours, &files("2"), ON).expect_err("a stranger").to_string();
        assert!(refusal.contains("notes.txt"), "{refusal}");
        assert_eq!(fs::read_to_string(ours.join("summary.json")).expect("a file"), "1");
    }
    #[test]
    fn stopping_half_way_leaves_neither_the_folder_nor_its_parents() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("results/england");
        let asked = std::cell::Cell::new(0);
        let second = || {
            asked.set(asked.get() + 1);
            asked.get() > 1
        };
        let stopped = write(&folder, &files("1"), &second);
        assert!(matches!(stopped, Err(FolderError::Stopped { .. })));
        assert!(names(home.path()).is_empty(), "{:?}", names(home.path()));
    }
}
