//! The user guide is built as a book (`make guide`), its links lead somewhere, and it tells every file and column of a result.

mod program;

use mdbook_driver::MDBook;
use program::{output_of, tutorial};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Builds the book into `target/guide`, where `make guide` points its reader to.
fn built() -> PathBuf {
    let folder = root().join("target/guide");
    let mut book = MDBook::load(root().join("docs")).expect("docs/ is a book");
    book.config.build.build_dir.clone_from(&folder);
    book.build().expect("the book builds");
    folder
}

/// Every HTML page below a folder, by its path within it.
fn pages(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).expect("a folder of the book").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "html") {
                let text = fs::read_to_string(&path).expect("a page is text");
                found.insert(path.strip_prefix(folder).expect("it lies within").to_owned(), text);
            }
        }
    }
    found
}

/// Where the `href` and `src` of a page lead, but for other sites.
fn links(page: &str) -> Vec<String> {
    let starts = ["href=\"", "src=\""];
    let of = |start: &&str| {
        page.split(*start)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let all = starts.iter().flat_map(of);
    all.filter(|link| !link.contains("://") && !link.starts_with("mailto:") && !link.starts_with("data:"))
        .collect()
}

/// A path without `..` and `.`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

#[test]
fn the_guide_builds_and_its_links_lead_somewhere() {
    let folder = built();
    let pages = pages(&folder);
    assert!(pages.len() > 20, "{:?}", pages.keys());
    let mut broken = BTreeSet::new();
    // `print.html` has all pages in one, at another depth; `404.html` is not read from a disk; `toc.html` is a frame for browsers without scripts.
    let read = pages
        .iter()
        .filter(|(path, _)| !["print.html", "404.html", "toc.html"].iter().any(|name| path.ends_with(name)));
    let mut followed = 0;
    for (path, text) in read {
        let home = path.parent().expect("a page lies in a folder");
        for link in links(text) {
            let (file, place) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() { path.clone() } else { plain(&home.join(file)) };
            let there = pages.get(&target).map_or_else(
                || place.is_empty() && folder.join(&target).is_file(),
                |page| place.is_empty() || page.contains(&format!("id=\"{place}\"")),
            );
            followed += 1;
            if !there {
                broken.insert(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(followed > 200, "only {followed} links");
    assert!(
        broken.is_empty(),
        "links that lead nowhere:\n{}",
        broken.into_iter().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn every_page_of_the_docs_is_in_the_guide() {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).expect("the contents");
    for folder in ["docs", "docs/guide", "docs/walk-throughs"] {
        for entry in fs::read_dir(root().join(folder)).expect("a folder of docs").flatten() {
            let path = entry.path();
            let name = path.strip_prefix(root().join("docs")).expect("it lies within").display().to_string();
            if name.ends_with(".md") && name != "SUMMARY.md" {
                assert!(summary.contains(&format!("({name})")), "docs/SUMMARY.md leaves {name} out");
            }
        }
    }
}

#[test]
fn the_guide_tells_every_file_and_column_of_a_result() {
    let home = TempDir::new().expect("a folder for the test");
    let model = tutorial().display().to_string();
    let output = output_of(&["solve", &model, "-o", "result", "-q"], home.path());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = fs::read_to_string(root().join("docs/guide/result-files.md")).expect("the page is there");
    let mut columns = 0;
    for entry in fs::read_dir(home.path().join("result")).expect("the result").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(page.contains(&format!("`{name}`")), "result-files.md leaves {name} out");
        let bytes = fs::read(entry.path()).expect("a file of the result");
        let text = match name.rsplit_once('.') {
            Some((_, "csv")) => String::from_utf8(bytes).expect("text"),
            Some((_, "gz")) => {
                let mut text = String::new();
                flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).expect("text");
                text
            }
            _ => continue,
        };
        for column in text.lines().next().expect("a header").split(',') {
            columns += 1;
            assert!(page.contains(&format!("`{column}`")), "result-files.md leaves {column} of {name} out");
        }
    }
    assert!(columns > 100, "only {columns} columns");
}
