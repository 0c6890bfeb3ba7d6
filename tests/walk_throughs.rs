//! The walk-throughs of the docs say what the program says: every command in them is run, in order, and what it prints
//! must be what the page shows. `UPDATE_DOCS=1 cargo test --test walk_throughs` writes the pages anew.
//!
//! In a page a block that begins with `$ ` is a command with its output; a block marked ```` ```yaml FILE ```` is a file that
//! the commands after it read.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// In the order in which a reader meets them: later ones use the results of earlier ones.
const PAGES: [&str; 4] = [
    "guide/tutorial",
    "walk-throughs/analyst",
    "walk-throughs/regional-office",
    "walk-throughs/floors-that-do-not-fit",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder like the project's own, in which results may be written: with copies, for links would show where they lead.
fn working_folder() -> TempDir {
    let folder = TempDir::new().expect("a folder for the test");
    for name in ["models", "data/england-2019", "data/england-2019/district", "data/england-2019/boundaries"]
    {
        let to = folder.path().join(name);
        fs::create_dir_all(&to).expect("a folder can be made");
        for entry in fs::read_dir(root().join(name)).expect("the folder is there").flatten() {
            if entry.path().is_file() {
                fs::copy(entry.path(), to.join(entry.file_name())).expect("it can be copied");
            }
        }
    }
    folder
}

/// What a shell prints for a command line, without colours; an exit code other than 0 is told.
fn output_of(line: &str, folder: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_bedalloc")).parent().expect("it lies in a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("({line}) 2>&1")]).current_dir(folder).env("PATH", path).env("NO_COLOR", "1");
    let output = shell.output().expect("the shell starts");
    let said = String::from_utf8_lossy(&output.stdout).trim_matches('\n').to_owned();
    match output.status.code().filter(|code| *code != 0) {
        Some(code) => format!("{said}\n(exit code {code})"),
        None => said,
    }
}

/// The page with the output of every command as the program gives it now.
fn played(page: &str, folder: &Path) -> String {
    let mut fresh = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        fresh += line;
        fresh.push('\n');
        let Some(kind) = line.strip_prefix("```").filter(|_| line.trim_end() == line) else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if let Some(file) = kind.strip_prefix("yaml ") {
            fs::write(folder.join(file), format!("{}\n", block.join("\n"))).expect("it can be written");
        }
        let block = if block.first().is_some_and(|first| first.starts_with("$ ")) {
            answered(&block, folder)
        } else {
            block.join("\n")
        };
        fresh.extend([&block, "\n```\n"]);
    }
    fresh
}

/// A block with a command, which goes on over lines that end in a backslash, and its output.
fn answered(block: &[&str], folder: &Path) -> String {
    let after = block.iter().position(|line| !line.ends_with('\\')).map_or(block.len(), |last| last + 1);
    let command = block[..after].join("\n");
    let said = output_of(command.trim_start_matches("$ "), folder);
    if said.is_empty() { command } else { format!("{command}\n{said}") }
}

fn path_of(page: &str) -> PathBuf {
    root().join("docs").join(format!("{page}.md"))
}

#[test]
fn walk_throughs_show_what_the_program_prints() {
    let folder = working_folder();
    for name in PAGES {
        let page = fs::read_to_string(path_of(name)).expect("the page is there");
        let fresh = played(&page, folder.path());
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(path_of(name), &fresh).expect("the page can be written");
            continue;
        }
        let differs = page.lines().zip(fresh.lines()).position(|(old, new)| old != new);
        let at = differs.unwrap_or(page.lines().count().min(fresh.lines().count()));
        let line = |text: &str| text.lines().nth(at).unwrap_or("(the end)").to_owned();
        assert!(
            page == fresh,
            "{name}.md:{}: the page has\n  {}\nand the program says\n  {}\n(UPDATE_DOCS=1 writes the page anew)",
            at + 1,
            line(&page),
            line(&fresh)
        );
    }
}

#[test]
fn a_page_with_a_changed_figure_is_not_what_the_program_prints() {
    let folder = TempDir::new().expect("a folder for the test");
    let page = "Text\n```yaml beds.yaml\nbeds: 5\n```\n```\n$ cat \\\n    beds.yaml; exit 3\nbeds: 6\n```\n";
    let right = "Text\n```yaml beds.yaml\nbeds: 5\n```\n```\n$ cat \\\n    beds.yaml; exit 3\nbeds: 5\n(exit code 3)\n```\n";
    assert_eq!(played(page, folder.path()), right);
    assert_eq!(played(right, folder.path()), right);
}
