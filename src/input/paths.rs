//! Paths: without detours, and as the way from one folder to a file, which holds on every machine.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

/// A path without detours (`a/../b`), as long as it still leads to the same place.
pub fn without_detours(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        let goes_back = part == Component::ParentDir;
        if goes_back && matches!(tidy.components().next_back(), Some(Component::Normal(_))) {
            tidy.pop();
        } else {
            tidy.push(part);
        }
    }
    if tidy.as_os_str().is_empty() {
        tidy.push(".");
    }
    let same = tidy.canonicalize().ok() == path.canonicalize().ok();
    if same { tidy } else { path.to_owned() }
}

/// The folder that a file stands in, as it is named.
pub fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The way from a folder, which need not exist yet, to a file or folder: names with `/` between them, the
/// same wherever the two lie alike. Links on the way are followed, the last name stays as it is.
/// Where there is no way (another drive) the path from the root.
pub fn way(from: &Path, to: &Path) -> String {
    let from = settled(from);
    let to = match to.file_name() {
        Some(name) => settled(folder_of(to)).join(name),
        None => settled(to),
    };
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return to.display().to_string();
    }
    let up = from.components().skip(shared).map(|_| Cow::Borrowed(".."));
    let down = to.components().skip(shared).map(|part| part.as_os_str().to_string_lossy());
    let names: Vec<Cow<str>> = up.chain(down).collect();
    if names.is_empty() { ".".to_owned() } else { names.join("/") }
}

/// The path from the root with links followed, as far as it exists; what does not is taken as it is named.
fn settled(path: &Path) -> PathBuf {
    if let Ok(found) = path.canonicalize() {
        return found;
    }
    match (path.parent(), path.components().next_back()) {
        (Some(_), Some(Component::Normal(name))) => settled(folder_of(path)).join(name),
        (Some(_), Some(Component::ParentDir)) => {
            let mut folder = settled(folder_of(path));
            folder.pop();
            folder
        }
        _ => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_way_leads_up_and_down_whether_or_not_the_folder_exists_yet() {
        let home = tempfile::tempdir().unwrap();
        let at = |path: &str| home.path().join(path);
        fs::create_dir_all(at("data/county")).unwrap();
        assert_eq!(way(&at("results/one"), &at("data/county")), "../../data/county");
        assert_eq!(way(&at("results/../one"), &at("data/county")), "../data/county");
        assert_eq!(way(&at("data"), &at("data/county/beds.csv")), "county/beds.csv");
        assert_eq!(way(&at("data"), &at("data/county/..")), ".");
        assert_eq!(way(Path::new("new"), Path::new("beds.csv")), "../beds.csv");
    }

    #[cfg(unix)]
    #[test]
    fn links_on_the_way_are_followed_and_a_linked_file_keeps_its_name() {
        let home = tempfile::tempdir().unwrap();
        let at = |path: &str| home.path().join(path);
        for folder in ["disk/results", "store", "data"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        fs::write(at("store/7f3a"), "area\n").unwrap();
        std::os::unix::fs::symlink(at("disk/results"), at("results")).unwrap();
        std::os::unix::fs::symlink(at("store/7f3a"), at("data/areas.csv")).unwrap();
        let found = way(&at("results"), &at("data/areas.csv"));
        assert_eq!(found, "../../data/areas.csv");
        assert!(at("results").join(found).is_file());
    }

    #[test]
    fn detours_are_left_out_where_the_path_leads_to_the_same_place() {
        let home = tempfile::tempdir().unwrap();
        let (a, b) = (home.path().join("a"), home.path().join("b"));
        fs::create_dir(&a).unwrap();
        fs::create_dir(&b).unwrap();
        assert_eq!(without_detours(&a.join("../b")), b);
        assert_eq!(without_detours(&a.join("../c")), home.path().join("c"));
        assert_eq!(without_detours(Path::new("src/..")), Path::new("."));
    }
}
