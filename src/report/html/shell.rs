//! The frame of a page: template, styles, scripts, and the policy that forbids everything else.

use super::error::PageError;
use base64::Engine as _;
use minijinja::{Environment, Value as Context, context};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The charting library, as its makers ship it: see `vendor/echarts/README.md`.
const CHARTS: &str = include_str!("vendor/echarts/echarts.min.js");
/// The licence that its makers ask to go with it.
const CHARTS_NOTICE: &str = include_str!("vendor/echarts/NOTICE");
const STYLES: &str = include_str!("assets/page.css");
/// Our own scripts, in the order in which they build on each other.
const SCRIPTS: [&str; 14] = [
    include_str!("assets/words.js"),
    include_str!("assets/tables.js"),
    include_str!("assets/charts.js"),
    include_str!("assets/unmet.js"),
    include_str!("assets/beds.js"),
    include_str!("assets/care.js"),
    include_str!("assets/curves.js"),
    include_str!("assets/places.js"),
    include_str!("assets/standards.js"),
    include_str!("assets/paper.js"),
    include_str!("assets/map.js"),
    include_str!("assets/comparison.js"),
    include_str!("assets/compared_map.js"),
    include_str!("assets/main.js"),
];
const TEMPLATES: [(&str, &str); 4] = [
    ("shell.html", include_str!("templates/shell.html")),
    ("page.html", include_str!("templates/page.html")),
    ("small_print.html", include_str!("templates/small_print.html")),
    ("comparison.html", include_str!("templates/comparison.html")),
];

/// Lays out a page. Without figures it has no scripts. Text of the context is escaped.
pub fn lay_out(template: &str, told: &Context, figures: Option<&Value>) -> Result<Vec<u8>, PageError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    let scripts = figures.map(|_| format!("\"use strict\";\n(() => {{\n{}\n}})();", SCRIPTS.join("\n")));
    let policy = scripts.as_ref().map_or_else(
        || "'none'".to_owned(),
        |ours| format!("'sha256-{}' 'sha256-{}'", fingerprint(CHARTS), fingerprint(ours)),
    );
    let context = context! {
        policy,
        styles => STYLES,
        charts => scripts.as_ref().map(|_| CHARTS),
        charts_notice => CHARTS_NOTICE.trim(),
        scripts,
        figures => figures.map(data_block).transpose()?,
        ..told.clone()
    };
    Ok(environment.get_template(template)?.render(context)?.into_bytes())
}

/// JSON that can stand inside a `script` element: nothing in it ends the element or opens a comment.
fn data_block(figures: &Value) -> Result<String, PageError> {
    let text = serde_json::to_string(figures)?;
    Ok(text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}

/// The SHA-256 of a script as a content security policy states it.
fn fingerprint(script: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(Sha256::digest(script.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_cannot_end_the_element_that_holds_the_figures() {
        let block =
            data_block(&json!({"name": "</script><script>alert(1)</script><!-- &amp;"})).expect("text");
        assert!(!block.contains('<') && !block.contains('>') && !block.contains('&'), "{block}");
        let read: Value = serde_json::from_str(&block).expect("still JSON");
        assert_eq!(read["name"], "</script><script>alert(1)</script><!-- &amp;");
    }
    #[test]
    fn no_script_of_the_page_holds_the_end_of_a_script_element() {
        // Or the browser would end it there.
        assert!(SCRIPTS.iter().chain([&CHARTS]).all(|script| !script.to_lowercase().contains("</script")));
    }
}
