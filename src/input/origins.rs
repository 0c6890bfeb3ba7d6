//! Where each setting of a model file was written, and each row of a table that can limit something by itself.

use super::read::Tables;
use super::shape::DEFAULTS;
use super::tables;
use super::yaml::Node;
use crate::domain::policy::{Origin, Origins};

/// Where each block and value of a tree was written, by key path; what was filled in has no place.
pub fn of(root: &Node) -> Origins {
    let mut found = Origins::default();
    let mut open: Vec<(String, &Node)> = vec![(String::new(), root)];
    while let Some((path, node)) = open.pop() {
        for entry in node.entries() {
            let path = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
            if entry.at.line > 0 && &*entry.at.file != DEFAULTS {
                let origin = Origin { file: entry.at.file.to_string(), line: entry.at.line as usize };
                found.0.insert(path.clone(), origin);
            }
            open.push((path, &entry.node));
        }
    }
    found
}

/// Adds the rows of sites (their sizes) and councils (their budgets).
pub fn add_rows(origins: &mut Origins, read: &Tables) {
    let sites = read.sites.register.iter().map(|(_, id, site)| {
        let origin = Origin { file: read.sites.file.to_string(), line: site.line as usize };
        (Origins::row(tables::SITES.name, id.as_str()), origin)
    });
    let councils = read.councils.register.iter().map(|(_, id, council)| {
        let origin = Origin { file: council.at.file.to_string(), line: council.at.line as usize };
        (Origins::row(tables::COUNCILS.name, id.as_str()), origin)
    });
    origins.0.extend(sites.chain(councils));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::faults::Faults;
    use crate::input::{shape, yaml};

    #[test]
    fn only_what_was_written_has_a_place() {
        let text = "name: x\nnew_beds:\n  total: 5\nregions: {North: {min: 3}}\n";
        let mut tree = yaml::read(&"m.yaml".into(), text, &mut Faults::default()).expect("YAML");
        shape::fill_in(&mut tree);
        let origins = of(&tree);
        let line = |path: &str| origins.0.get(path).map(|origin| (origin.file.as_str(), origin.line));
        assert_eq!(line("new_beds.total"), Some(("m.yaml", 3)));
        assert_eq!(line("regions.North.min"), Some(("m.yaml", 4)));
        assert_eq!(line("new_beds.must_spend"), None);
    }
}
