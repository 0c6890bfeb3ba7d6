//! Whether the input files are still those that the result was made from.

use super::VerifyError;
use super::report::{Check, Tally};
use super::summary::read_json;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

/// Compares the SHA-256 of every input with the one that `manifest.json` has, which names the model by the way
/// from the result folder and the inputs by the way from the model's folder.
pub fn check(folder: &Path) -> Result<Vec<Check>, VerifyError> {
    let path = folder.join("manifest.json");
    let manifest = read_json(&path)?;
    let malformed =
        |cause: &str| VerifyError::Malformed { path: path.clone(), line: None, cause: cause.to_owned() };
    let inputs =
        manifest.get("inputs").and_then(Value::as_array).ok_or_else(|| malformed("no list `inputs`"))?;
    let model = manifest.get("model").and_then(Value::as_str).ok_or_else(|| malformed("no text `model`"))?;
    let model = folder.join(model);
    let home = model.parent().unwrap_or(folder);
    let mut tally = Tally::new("inputs unchanged", "");
    for input in inputs {
        let text = |key: &str| input.get(key).and_then(Value::as_str);
        let (Some(name), Some(noted)) = (text("path"), text("sha256")) else {
            return Err(malformed("an input without `path` and `sha256`"));
        };
        let file = home.join(name);
        match file.is_file().then(|| digest(&file)).transpose()? {
            None => tally.fail(|| format!("{name} is not there any more, so nothing vouches for it")),
            Some(now) if now.eq_ignore_ascii_case(noted) => tally.see(0.0, 1.0, String::new),
            Some(_) => tally.fail(|| {
                format!("{name} has changed since the result was made: solve again, or restore the file")
            }),
        }
    }
    Ok(vec![tally.done()])
}

fn digest(path: &Path) -> Result<String, VerifyError> {
    let unreadable =
        |e: std::io::Error| VerifyError::Unreadable { path: path.to_owned(), cause: e.to_string() };
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    let (mut hasher, mut chunk) = (Sha256::new(), vec![0u8; 1 << 16]);
    loop {
        let read = file.read(&mut chunk).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        hasher.update(&chunk[..read]);
    }
    Ok(hasher.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
