//! YAML text to a tree that knows where each value stands. The only file that names the YAML crate.
//!
//! Only the plain part of YAML is read: mappings with text keys, lists, and scalars. Anchors, aliases,
//! merge keys and tags are refused: models build on each other with `extends`, and without aliases
//! the tree can never be larger than the file.

use super::codes;
use super::faults::Faults;
use super::location::{Location, Spot};
use serde_yaml::granit_parser::{Event, Parser, ScalarStyle, Span};
use std::sync::Arc;

/// Most bytes of a model file.
pub const MOST_BYTES: u64 = 1_000_000;
/// Deepest nesting of a model file.
const DEEPEST: usize = 12;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it starts.
    pub at: Location,
}

/// A YAML value.
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing: an empty value, `~` or `null`.
    Nothing,
    /// A scalar as written.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the file.
    Map(Vec<Entry>),
}

/// A scalar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text, without quotation marks.
    pub text: String,
    /// Whether it stood in quotation marks, so that it is text whatever it looks like.
    pub quoted: bool,
}

/// One key of a mapping with its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub at: Location,
    /// The value.
    pub node: Node,
}

impl Node {
    /// The value of a key; `None` when this is no mapping or has no such key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }
    /// The keys of a mapping; none when it is something else.
    pub fn entries(&self) -> &[Entry] {
        if let Value::Map(entries) = &self.value { entries } else { &[] }
    }
    /// The items of a list; none when it is something else.
    pub fn items(&self) -> &[Node] {
        if let Value::List(items) = &self.value { items } else { &[] }
    }
    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        if let Value::Scalar(scalar) = &self.value { Some(&scalar.text) } else { None }
    }
    /// The number that a scalar writes; `None` for quoted text and for what is no number.
    pub fn number(&self) -> Option<f64> {
        match &self.value {
            Value::Scalar(scalar) if !scalar.quoted => read_number(&scalar.text),
            _ => None,
        }
    }
    /// The truth value that a scalar writes.
    pub fn flag(&self) -> Option<bool> {
        match &self.value {
            Value::Scalar(scalar) if !scalar.quoted => match scalar.text.as_str() {
                "true" | "True" | "TRUE" => Some(true),
                "false" | "False" | "FALSE" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A number as YAML writes it: digits may be grouped with underscores; `.nan` and `.inf` are numbers
/// here, so that whoever reads them can refuse them for what they are.
fn read_number(text: &str) -> Option<f64> {
    match text.trim_start_matches(['+', '-']).to_ascii_lowercase().as_str() {
        ".inf" => return Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }),
        ".nan" => return Some(f64::NAN),
        "inf" | "infinity" | "nan" => return None,
        _ => {}
    }
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let grouped = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'_');
    for (at, _) in grouped {
        if !digit(at.checked_sub(1)) || !digit(Some(at + 1)) {
            return None;
        }
    }
    text.replace('_', "").parse().ok()
}

/// Reads the text of a model file; `None` when it holds no usable mapping (the fault is added).
pub fn read(file: &Arc<str>, text: &str, faults: &mut Faults) -> Option<Node> {
    let mut builder = Builder { file, open: Vec::new(), root: None };
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok(next) => next,
            Err(error) => {
                let at = builder.place(error.marker().line(), error.marker().col());
                let cure = "look at the indentation, the colons and the quotation marks of this line and the one before";
                faults.add(codes::NOT_YAML, at, format!("not well-formed YAML: {}", error.info()), cure);
                return None;
            }
        };
        if let Err(refusal) = builder.take(event, span, faults) {
            let at = builder.place(span.start.line(), span.start.col());
            let (code, cause, cure) = refusal;
            faults.add(code, at, cause, cure);
            return None;
        }
    }
    match builder.root {
        Some(root @ Node { value: Value::Map(_), .. }) => Some(root),
        found => {
            let at = found.map_or_else(|| Location::file(file), |node| node.at);
            faults.add(
                codes::WRONG_TYPE,
                at,
                "a model file is a list of keys with their values",
                "start it with `name: …` and `data: …`; `bedalloc new DIR` writes an example",
            );
            None
        }
    }
}

type Refusal = (codes::Code, &'static str, &'static str);

/// A mapping or list whose end has not come yet.
struct Open {
    node: Node,
    /// The key read last, whose value comes next.
    key: Option<(String, Location)>,
}

struct Builder<'a> {
    file: &'a Arc<str>,
    open: Vec<Open>,
    root: Option<Node>,
}

impl Builder<'_> {
    fn place(&self, line: usize, column: usize) -> Location {
        let spot = Spot::Character(u32::try_from(column + 1).unwrap_or(u32::MAX));
        Location { file: self.file.clone(), line: u32::try_from(line).unwrap_or(u32::MAX), spot }
    }

    fn take(&mut self, event: Event<'_>, span: Span, faults: &mut Faults) -> Result<(), Refusal> {
        let at = self.place(span.start.line(), span.start.col());
        if event.tag().is_some() {
            return Err((codes::YAML_LIMIT, "a tag (`!…`) is not read", "leave the tag out"));
        }
        if event.is_alias() || event.anchor_id().is_some_and(|id| id > 0) {
            return Err((
                codes::YAML_LIMIT,
                "anchors (`&…`) and aliases (`*…`) are not read",
                "write the value out, or put what is shared in a model of its own and extend it",
            ));
        }
        match event {
            Event::Scalar(text, style, ..) => {
                let quoted = style != ScalarStyle::Plain;
                if self.wants_key() {
                    self.set_key(text.into_owned(), at)?;
                } else {
                    let nothing = !quoted && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL");
                    let scalar = Scalar { text: text.into_owned(), quoted };
                    let value = if nothing { Value::Nothing } else { Value::Scalar(scalar) };
                    self.put(Node { value, at }, faults)?;
                }
            }
            Event::SequenceStart(..) => self.start(Node { value: Value::List(Vec::new()), at })?,
            Event::MappingStart(..) => self.start(Node { value: Value::Map(Vec::new()), at })?,
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    self.put(open.node, faults)?;
                }
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                return Err((codes::NOT_YAML, "a second document (`---`)", "keep one model in one file"));
            }
            _ => {}
        }
        Ok(())
    }

    fn wants_key(&self) -> bool {
        self.open.last().is_some_and(|open| matches!(open.node.value, Value::Map(_)) && open.key.is_none())
    }

    fn set_key(&mut self, key: String, at: Location) -> Result<(), Refusal> {
        if key == "<<" {
            let cure = "put what is shared in a model of its own and extend it";
            return Err((codes::YAML_LIMIT, "merge keys (`<<`) are not read", cure));
        }
        if let Some(open) = self.open.last_mut() {
            open.key = Some((key, at));
        }
        Ok(())
    }

    fn start(&mut self, node: Node) -> Result<(), Refusal> {
        if self.wants_key() {
            return Err((codes::NOT_YAML, "a key must be a single word or text", "give the key a name"));
        }
        if self.open.len() >= DEEPEST {
            return Err((codes::YAML_LIMIT, "nested too deeply", "no part of a model nests this deeply"));
        }
        self.open.push(Open { node, key: None });
        Ok(())
    }

    fn put(&mut self, node: Node, faults: &mut Faults) -> Result<(), Refusal> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.node.value {
            Value::List(items) => items.push(node),
            Value::Map(entries) => {
                let Some((key, at)) = open.key.take() else {
                    return Err((codes::NOT_YAML, "a value without a key", "write `key: value`"));
                };
                if let Some(first) = entries.iter().find(|entry| entry.key == key) {
                    let cause = format!("`{key}` is given twice, first on line {}", first.at.line);
                    faults.add(codes::KEY_TWICE, at, cause, "keep one of the two");
                } else {
                    entries.push(Entry { key, at, node });
                }
            }
            Value::Nothing | Value::Scalar(_) => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Option<Node>, Vec<codes::Code>) {
        let mut faults = Faults::default();
        let node = read(&"no-such-file.yaml".into(), text, &mut faults);
        (node, faults.into_errors().0.iter().map(|fault| fault.code).collect())
    }

    #[test]
    fn values_know_their_line_and_column() {
        let (node, faults) = read_text("name: a\nreach:\n  limit_minutes: 45\n");
        let limit = node.unwrap().get("reach").unwrap().get("limit_minutes").unwrap().clone();
        assert_eq!((limit.at.line, limit.at.spot), (3, Spot::Character(18)));
        assert_eq!((limit.number(), faults.len()), (Some(45.0), 0));
    }

    #[test]
    fn numbers_may_be_grouped_and_ids_keep_their_zeros() {
        let (node, _) = read_text("a: 100_000_000\nb: 007\nc: \"300\"\nd: 1_\ne: .nan\nf: 2e3\n");
        let node = node.unwrap();
        assert_eq!(node.get("a").unwrap().number(), Some(1e8));
        assert_eq!(node.get("b").unwrap().text(), Some("007"));
        assert_eq!(node.get("c").unwrap().number(), None);
        assert_eq!(node.get("d").unwrap().number(), None);
        assert!(node.get("e").unwrap().number().unwrap().is_nan());
        assert_eq!(node.get("f").unwrap().number(), Some(2000.0));
    }

    #[test]
    fn bombs_tags_deep_nests_and_second_documents_are_refused() {
        assert_eq!(read_text("a: &x [1]\nb: [*x, *x]\n").1, [codes::YAML_LIMIT]);
        assert_eq!(read_text("a: !!binary aGk=\n").1, [codes::YAML_LIMIT]);
        assert_eq!(read_text(&"[".repeat(100_000)).1.len(), 1);
        assert_eq!(read_text(&"a: {".repeat(40)).1.len(), 1);
        assert_eq!(read_text("a: 1\n---\nb: 2\n").1, [codes::NOT_YAML]);
        assert_eq!(read_text("a: [1\nb: 2").1, [codes::NOT_YAML]);
        assert_eq!(read_text("").1, [codes::WRONG_TYPE]);
    }

    #[test]
    fn a_key_given_twice_is_told_and_the_first_one_kept() {
        let (node, faults) = read_text("a: 1\na: 2\n");
        assert_eq!(node.unwrap().get("a").unwrap().number(), Some(1.0));
        assert_eq!(faults, [codes::KEY_TWICE]);
    }
}
