//! The table of keys as a JSON Schema for editors and as the documentation of the model file.

use super::defaults::{KEYS, Key, Kind, Limits, NOT_BUILT, Otherwise};
use super::tables::{self, TableShape};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// JSON Schema (2020-12) of the model file.
pub fn json_schema() -> Value {
    let mut schema = block(&[]);
    if let Value::Object(fields) = &mut schema {
        fields.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
        fields.insert("title".into(), json!("bedalloc model"));
        let complete = json!([{"required": ["extends"]}, {"required": ["name", "data"]}]);
        fields.insert("anyOf".into(), complete);
    }
    schema
}

fn block(path: &[&'static str]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut others = json!(false);
    for key in KEYS {
        let parts = key.parts();
        let Some(name) = parts.strip_prefix(path).and_then(<[_]>::first) else { continue };
        let inner: Vec<&'static str> = path.iter().copied().chain([*name]).collect();
        if *name == "*" {
            others = property(&inner);
        } else if !properties.contains_key(*name) {
            properties.insert((*name).to_owned(), property(&inner));
            if !path.is_empty() && parts.len() == inner.len() && matches!(key.default, Otherwise::Required) {
                required.push(*name);
            }
        }
    }
    let mut fields = Map::new();
    fields.insert("type".into(), json!(["object", "null"]));
    if !properties.is_empty() {
        fields.insert("properties".into(), Value::Object(properties));
    }
    fields.insert("additionalProperties".into(), others);
    if !required.is_empty() {
        fields.insert("required".into(), json!(required));
    }
    Value::Object(fields)
}

/// The schema of what stands at a path: a value, a list or a block.
fn property(path: &[&'static str]) -> Value {
    let below: Vec<&Key> = KEYS.iter().filter(|key| key.parts().starts_with(path)).collect();
    let own = below.iter().find(|key| key.parts().len() == path.len());
    let deeper = below.iter().find(|key| key.parts().len() > path.len());
    let mut schema = match (own, deeper) {
        (_, Some(inner)) if inner.parts()[path.len()] == "[]" => {
            let inner: Vec<&'static str> = path.iter().copied().chain(["[]"]).collect();
            let mut items = block(&inner);
            items["type"] = json!("object");
            json!({"type": ["array", "null"], "items": items})
        }
        (_, Some(_)) => block(path),
        (Some(key), None) => value(key),
        (None, None) => json!({}),
    };
    if let (Some(key), Value::Object(fields)) = (own, &mut schema) {
        let unit = if key.unit.is_empty() { String::new() } else { format!(" Unit: {}.", key.unit) };
        fields.insert("description".into(), json!(format!("{}{unit}{}", key.means, default_in_words(key))));
    }
    schema
}

fn default_in_words(key: &Key) -> String {
    match key.default {
        Otherwise::Required => String::new(),
        Otherwise::Unset(words) => format!(" When left out: {words}."),
        Otherwise::Value(text) => format!(" Default: {text}."),
    }
}

fn value(key: &Key) -> Value {
    let range = |kind: &str, limits: Limits| json!({"type": [kind, "null"], "minimum": limits.least, "maximum": limits.most});
    match key.kind {
        Kind::Text => json!({"type": ["string", "number", "null"]}),
        Kind::Word(words) => json!({"enum": words}),
        Kind::Words(words) => {
            json!({"type": ["array", "null"], "items": {"enum": words}, "uniqueItems": true, "minItems": 1})
        }
        Kind::Flag => json!({"type": ["boolean", "null"]}),
        Kind::Number(limits) => range("number", limits),
        Kind::Whole(limits) => range("integer", limits),
        Kind::Blocks => json!({"type": ["array", "null"]}),
    }
}

/// `docs/model-file.md`: every key and every table.
pub fn documentation() -> String {
    let mut text = String::from(INTRODUCTION);
    let mut block = "";
    for key in KEYS {
        let head = key.parts()[0];
        let in_block = key.parts().len() > 1;
        let title = if in_block { head } else { "the top" };
        if title != block {
            block = title;
            let _ = write!(
                text,
                "\n### {}\n\n{TABLE_HEAD}",
                if in_block { format!("`{head}`") } else { "At the top".into() }
            );
        }
        let default = match key.default {
            Otherwise::Required => "must be given".to_owned(),
            Otherwise::Unset(words) => words.to_owned(),
            Otherwise::Value(value) => format!("`{value}`"),
        };
        let _ =
            writeln!(text, "| `{}` | {} | {} | {default} | {} |", key.path, holds(key), key.unit, key.means);
    }
    text.push_str("\n## Not built yet\n\nThese keys are agreed on and refused for now:\n\n");
    for (name, instead) in NOT_BUILT {
        let _ = writeln!(text, "- `{name}`: {instead}");
    }
    text.push_str(TABLES_INTRODUCTION);
    for table in tables::ALL {
        text.push_str(&table_row(table));
    }
    text
}

fn holds(key: &Key) -> String {
    let range = |limits: Limits| format!("{} to {}", super::tidy(limits.least), super::tidy(limits.most));
    match key.kind {
        Kind::Text => "text".into(),
        Kind::Word(words) => words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(" or "),
        Kind::Words(words) => {
            format!("list of {}", words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", "))
        }
        Kind::Flag => "`true` or `false`".into(),
        Kind::Number(limits) => format!("number, {}", range(limits)),
        Kind::Whole(limits) => format!("whole number, {}", range(limits)),
        Kind::Blocks => "list of blocks".into(),
    }
}

fn table_row(table: &TableShape) -> String {
    let column =
        |c: &tables::Column| if c.required { format!("`{}`", c.name) } else { format!("(`{}`)", c.name) };
    let columns: Vec<String> = table.columns.iter().map(column).collect();
    let without = table.without.unwrap_or("it must be there (of need, one form)");
    format!("| `{}.csv` | {} | {} | {without} |\n", table.name, table.row, columns.join(", "))
}

const TABLE_HEAD: &str =
    "| key | holds | unit | when left out | meaning and source |\n|---|---|---|---|---|\n";

const INTRODUCTION: &str = "\
# The model file

<!-- Made from the tables of keys and columns in the code: `bedalloc schema --markdown > docs/model-file.md`. -->

A model is a YAML file. Only the plain part of YAML is read: blocks of keys, lists, texts, numbers (`100_000` is
a number) and `true` or `false`; anchors, aliases and tags are refused. Identifiers made of digits, such as specialty
`\"300\"`, are best put into quotation marks. Unknown keys are errors.

A scenario is a model with `extends: other.yaml` and only what changes: blocks are merged key by key, lists are
replaced, `key: ~` takes a key away. `bedalloc check` tells every fault at once; the codes are in
[errors.md](errors.md). `bedalloc schema` prints a JSON Schema for editors.

## Keys

In a path, `.` goes into a block, `*` stands for any name (of a specialty, service, region and so on) and `[]` for each item
of a list. The blocks `social_care`, `step_down`, `prevention`, `bed_management`, `staff`, `reallocation`, `conversion` and
`closures` are off unless the model has them (`social_care: {}` turns one on with its defaults).
";

const TABLES_INTRODUCTION: &str = "
## Tables

CSV with commas, decimal points and a header, in UTF-8; `.csv` or `.csv.gz`. A byte-order mark and Windows line ends are
accepted. Tables in the folder that `areas` names go before those of the data folder. Columns in brackets may be
left out; further columns are allowed and not read. A line is one row: no field holds a line break.

`need: revealed` reads `need_revealed.csv`, else `need.csv`. `need: expected` reads `need_expected.csv`, else people times
rates from `population.csv` and `rates.csv`. In `flows.csv` an empty `specialty` means all of them. In `travel_times.csv`,
`source` is `known`, `measured` or `routed` for a measured time and `inferred`, `estimated` or `fallback` for an estimate. In
`travel_edges.csv`, `from` and `to` name a junction, an area or a site.

In `sites.csv`, `kind` is `acute` or `community`. Step-down beds of a community site stand in `beds.csv` with an empty
`specialty` (rows for several are added up): list those that the need of the model may use. `council` names the council that
may pay for more of them. In `programmes.csv` a programme has a row for each specialty in which it prevents need; its cost is
for 1,000 people of the population at full roll-out, the same in each of its rows and paid once.

| table | each row is | columns | without it |
|---|---|---|---|
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::faults::Faults;
    use crate::input::yaml::{self, Node};
    use std::path::{Path, PathBuf};

    fn repository() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
    }

    /// Whether the schema knows every key of a tree.
    fn accepts(schema: &Value, node: &Node, path: &str) {
        for entry in node.entries() {
            let known = schema.pointer(&format!("/properties/{}", entry.key));
            let inner =
                known.or_else(|| schema.get("additionalProperties").filter(|other| other.is_object()));
            let inner = inner.unwrap_or_else(|| panic!("the schema refuses {path}.{}", entry.key));
            accepts(inner, &entry.node, &format!("{path}.{}", entry.key));
        }
        for item in node.items() {
            accepts(schema.get("items").expect("lists have items"), item, &format!("{path}[]"));
        }
    }

    #[test]
    fn the_schema_accepts_every_key_of_the_shipped_models() {
        let mut models = 0;
        for file in std::fs::read_dir(repository().join("models")).unwrap().flatten() {
            let text = std::fs::read_to_string(file.path()).unwrap();
            let node = yaml::read(&"model".into(), &text, &mut Faults::default()).unwrap();
            accepts(&json_schema(), &node, "");
            models += 1;
        }
        assert!(models >= 3);
    }

    #[test]
    fn the_documentation_is_the_one_made_from_the_tables() {
        let written = std::fs::read_to_string(Path::new(&repository()).join("docs/model-file.md")).unwrap();
        assert!(written == documentation(), "run `bedalloc schema --markdown > docs/model-file.md`");
    }

    #[test]
    fn the_schema_refuses_unknown_keys_in_blocks_and_lists() {
        let schema = json_schema();
        assert_eq!(schema["additionalProperties"], json!(false));
        assert_eq!(schema["properties"]["pins"]["items"]["additionalProperties"], json!(false));
        assert_eq!(schema["properties"]["pins"]["items"]["required"], json!(["site", "beds", "why"]));
        assert_eq!(
            schema["properties"]["regions"]["additionalProperties"]["properties"]["max"]["minimum"],
            json!(0.0)
        );
    }
}
