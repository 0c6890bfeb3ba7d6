//! The shape of a model file: known keys, types, words and limits, checked against the table of keys.

use super::codes;
use super::defaults::{self, KEYS, Key, Kind, Limits, Otherwise, Slip};
use super::faults::{Faults, list, nearest};
use super::location::Location;
use super::yaml::{self, Entry, Node, Scalar, Value};
use std::fmt::Write;
use std::sync::Arc;

/// The file in which values stand that nobody wrote.
pub const DEFAULTS: &str = "the defaults";

/// Checks a tree and cuts out whatever is at fault, so that what is left can be read without a fault.
pub fn check(root: &mut Node, faults: &mut Faults) {
    refuse_what_is_not_built(root, faults);
    for key in KEYS.iter().filter(|key| matches!(key.default, Otherwise::Required)) {
        if let [name] = key.parts()[..]
            && root.get(name).is_none()
        {
            let cause = format!("`{name}` must be given");
            let cure = format!("add `{name}: …`: {}", key.means);
            faults.add(codes::KEY_MISSING, Location::file(&root.at.file), cause, cure);
        }
    }
    check_node(root, &mut Vec::new(), faults);
}

/// Puts every default into a tree that was checked.
pub fn fill_in(root: &mut Node) {
    let weighted = root.get("objective").is_some_and(|objective| objective.get("weights").is_some());
    for key in KEYS {
        let parts = key.parts();
        let off = defaults::OPTIONAL_BLOCKS.contains(&parts[0]) && root.get(parts[0]).is_none();
        let unused = key.path == "objective.priorities" && weighted;
        if let Otherwise::Value(text) = key.default
            && !off
            && !unused
        {
            put_default(root, &parts, text);
        }
    }
}

fn put_default(root: &mut Node, parts: &[&str], text: &str) {
    let [name, rest @ ..] = parts else { return };
    let Value::Map(entries) = &mut root.value else { return };
    let position = entries.iter().position(|entry| entry.key == *name).unwrap_or_else(|| {
        let at = Location::file(&Arc::from(DEFAULTS));
        let node = Node { value: Value::Map(Vec::new()), at: at.clone() };
        entries.push(Entry { key: (*name).to_owned(), at, node });
        entries.len() - 1
    });
    let node = &mut entries[position].node;
    if !rest.is_empty() {
        put_default(node, rest, text);
    } else if matches!(&node.value, Value::Map(entries) if entries.is_empty()) {
        *node = default_node(text);
    }
}

fn default_node(text: &str) -> Node {
    let parsed = yaml::read(&Arc::from(DEFAULTS), &format!("value: {text}"), &mut Faults::default());
    let node = parsed.and_then(|root| root.get("value").cloned());
    node.unwrap_or_else(|| unreachable!("the default `{text}` is YAML"))
}

fn refuse_what_is_not_built(root: &mut Node, faults: &mut Faults) {
    let Value::Map(entries) = &mut root.value else { return };
    entries.retain(|entry| match defaults::NOT_BUILT.iter().find(|(name, _)| entry.key == *name) {
        Some((name, instead)) => {
            let cure = format!("remove `{name}`: {instead}");
            faults.add(codes::NOT_BUILT_YET, entry.at.clone(), format!("`{name}` is not built yet"), cure);
            false
        }
        None => true,
    });
}

/// Keys at or below a path, each with what is left of its own path.
fn below(path: &[&'static str]) -> impl Iterator<Item = (&'static Key, Vec<&'static str>)> {
    let path = path.to_vec();
    KEYS.iter().filter_map(move |key| {
        let parts = key.parts();
        parts.starts_with(&path).then(|| (key, parts[path.len()..].to_vec()))
    })
}

/// Whether a node may stay.
fn check_node(node: &mut Node, path: &mut Vec<&'static str>, faults: &mut Faults) -> bool {
    let keys: Vec<_> = below(path).collect();
    let mut next: Vec<&'static str> = keys.iter().filter_map(|(_, rest)| rest.first().copied()).collect();
    next.dedup();
    match next.as_slice() {
        [] => keys.first().is_some_and(|(key, _)| check_value(node, key, faults)),
        ["[]"] => check_items(node, path, faults),
        names => check_entries(node, path, names, faults),
    }
}

fn check_items(node: &mut Node, path: &mut Vec<&'static str>, faults: &mut Faults) -> bool {
    let Value::List(items) = &mut node.value else {
        wrong_type(node, path, "a list", faults);
        return false;
    };
    path.push("[]");
    items.retain_mut(|item| {
        let whole = has_required(item, path, faults);
        check_node(item, path, faults) && whole
    });
    path.pop();
    true
}

fn has_required(item: &Node, path: &[&'static str], faults: &mut Faults) -> bool {
    let mut whole = true;
    for (key, rest) in below(path) {
        if let ([name], Otherwise::Required) = (&rest[..], key.default)
            && item.get(name).is_none()
        {
            whole = false;
            let cause = format!("`{name}` must be given here");
            faults.add(codes::KEY_MISSING, item.at.clone(), cause, format!("add `{name}: …`: {}", key.means));
        }
    }
    whole
}

fn check_entries(
    node: &mut Node,
    path: &mut Vec<&'static str>,
    names: &[&'static str],
    faults: &mut Faults,
) -> bool {
    let Value::Map(entries) = &mut node.value else {
        wrong_type(node, path, "a block of keys", faults);
        return false;
    };
    let any_name = names == ["*"];
    let terms = any_name && matches!(path.as_slice(), ["objective", "weights" | "tolerances"]);
    let known = if terms { defaults::TERMS } else { names };
    entries.retain_mut(|entry| {
        let name = known.iter().find(|name| **name == entry.key);
        let part = match name {
            _ if any_name && !terms => "*",
            None => {
                unknown_key(entry, path, known, faults);
                return false;
            }
            Some(_) if terms => "*",
            Some(name) => name,
        };
        if matches!(entry.node.value, Value::Nothing) {
            return false;
        }
        path.push(part);
        let fits = check_node(&mut entry.node, path, faults);
        path.pop();
        fits
    });
    true
}

fn unknown_key(entry: &Entry, path: &[&'static str], known: &[&str], faults: &mut Faults) {
    let place = if path.is_empty() { "at the top".to_owned() } else { format!("in `{}`", dotted(path)) };
    let cause = format!("unknown key `{}` {place}", entry.key);
    let elsewhere = KEYS.iter().find(|key| key.parts().last() == Some(&entry.key.as_str()));
    let cure = match (nearest(&entry.key, known.iter().copied()), elsewhere) {
        (Some(name), _) => format!("did you mean `{name}`?"),
        (None, Some(key)) => format!("it belongs elsewhere: `{}`", key.path),
        (None, None) => format!("the keys here are: {}", list(known)),
    };
    faults.add(codes::UNKNOWN_KEY, entry.at.clone(), cause, cure);
}

/// A path as the documentation writes it.
fn dotted(path: &[&'static str]) -> String {
    path.join(".").replace(".[]", "[]")
}

fn wrong_type(node: &Node, path: &[&'static str], wanted: &str, faults: &mut Faults) {
    let found = match &node.value {
        Value::Nothing => "nothing".to_owned(),
        Value::Scalar(scalar) => format!("`{}`", scalar.text),
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a block of keys".to_owned(),
    };
    let cause = format!("`{}` must be {wanted}, found {found}", dotted(path));
    faults.add(codes::WRONG_TYPE, node.at.clone(), cause, format!("write {wanted}"));
}

fn check_value(node: &Node, key: &Key, faults: &mut Faults) -> bool {
    let path = key.parts();
    let fits = |fits: bool, wanted: &str, faults: &mut Faults| {
        if !fits {
            wrong_type(node, &path, wanted, faults);
        }
        fits
    };
    match key.kind {
        Kind::Text => fits(node.text().is_some_and(|text| !text.trim().is_empty()), "text", faults),
        Kind::Flag => fits(node.flag().is_some(), "`true` or `false`", faults),
        Kind::Word(words) => match node.text() {
            Some(word) => check_word(word, &node.at, words, faults),
            None => fits(false, "one word", faults),
        },
        Kind::Words(words) => {
            fits(matches!(node.value, Value::List(_)), "a list of words", faults)
                && check_words(node, words, faults)
        }
        Kind::Number(limits) => match node.number() {
            Some(number) => check_number(number, node, key, limits, faults),
            None => fits(false, "a number", faults),
        },
        Kind::Whole(limits) => match node.number() {
            Some(number) if number.fract() == 0.0 || !number.is_finite() => {
                check_number(number, node, key, limits, faults)
            }
            _ => fits(false, "a whole number", faults),
        },
        Kind::Blocks => true,
    }
}

fn check_word(word: &str, at: &Location, words: &[&str], faults: &mut Faults) -> bool {
    let known = words.contains(&word);
    if !known {
        let cure = match nearest(word, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("use one of: {}", list(words)),
        };
        faults.add(codes::UNKNOWN_WORD, at.clone(), format!("unknown word `{word}`"), cure);
    }
    known
}

fn check_words(node: &Node, words: &[&str], faults: &mut Faults) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    let mut fits = true;
    for item in node.items() {
        let Some(word) = item.text() else {
            faults.add(
                codes::WRONG_TYPE,
                item.at.clone(),
                "a word is needed here",
                format!("use one of: {}", list(words)),
            );
            fits = false;
            continue;
        };
        fits &= check_word(word, &item.at, words, faults);
        if seen.contains(&word) {
            faults.add(
                codes::TERM_TWICE,
                item.at.clone(),
                format!("`{word}` is listed twice"),
                "keep the first",
            );
            fits = false;
        }
        seen.push(word);
    }
    if seen.is_empty() {
        let cure = format!("list some of: {}", list(words));
        faults.add(codes::WRONG_TYPE, node.at.clone(), "the list is empty", cure);
    }
    fits && !seen.is_empty()
}

fn check_number(number: f64, node: &Node, key: &Key, limits: Limits, faults: &mut Faults) -> bool {
    let Limits { least, most, slip } = limits;
    if (least..=most).contains(&number) {
        return true;
    }
    let unit = if key.unit.is_empty() { String::new() } else { format!(" ({})", key.unit) };
    let found = node.text().unwrap_or_default();
    let cause = format!("`{}` cannot be {found}{unit}", key.path);
    let slipped = match slip {
        Slip::Percent if number > most && number / 100.0 <= most => Some(("a percentage", number / 100.0)),
        Slip::Seconds if number > most && number / 60.0 <= most => Some(("seconds", number / 60.0)),
        Slip::Thousands if number > 0.0 && number < least && number * 1000.0 >= least => {
            Some(("thousands of pounds", number * 1000.0))
        }
        _ => None,
    };
    if let Some((unit, meant)) = slipped {
        let cause = format!("{cause}: that looks like {unit}");
        faults.add(
            codes::WRONG_UNIT,
            node.at.clone(),
            cause,
            format!("did you mean {}?", super::tidy(meant)),
        );
    } else {
        let cure = format!("write a number from {} to {}", super::tidy(least), super::tidy(most));
        faults.add(codes::OUT_OF_RANGE, node.at.clone(), cause, cure);
    }
    false
}

/// A tree as YAML text: mappings and lists in block form, texts quoted where they could be misread.
pub fn to_yaml(root: &Node) -> String {
    let mut text = String::new();
    write_node(root, 0, &mut text);
    text
}

fn write_node(node: &Node, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match &node.value {
        Value::Map(entries) => {
            for Entry { key, node, .. } in entries {
                let _ = write!(out, "{pad}{}:", quote(key));
                write_value(node, indent + 2, out);
            }
        }
        Value::List(items) => {
            for item in items {
                let _ = write!(out, "{pad}-");
                write_value(item, indent + 2, out);
            }
        }
        Value::Nothing | Value::Scalar(_) => {}
    }
}

fn write_value(node: &Node, indent: usize, out: &mut String) {
    match &node.value {
        Value::Nothing => out.push_str(" ~\n"),
        Value::Scalar(Scalar { text, quoted: true }) => {
            let _ = writeln!(out, " {}", quoted(text));
        }
        Value::Scalar(Scalar { text, .. }) => {
            let _ = writeln!(out, " {text}");
        }
        Value::Map(entries) if entries.is_empty() => out.push_str(" {}\n"),
        Value::List(items) if items.is_empty() => out.push_str(" []\n"),
        Value::Map(_) | Value::List(_) => {
            out.push('\n');
            write_node(node, indent, out);
        }
    }
}

fn quote(key: &str) -> String {
    let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && key.starts_with(|c: char| c.is_ascii_alphabetic());
    if plain { key.to_owned() } else { quoted(key) }
}

/// Text as a double-quoted scalar; JSON's escapes are YAML's.
fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}
