//! `bedalloc new --workbook` and `bedalloc import workbook`: a form for somebody's own beds, and the way back.

use crate::cli::exit_code::Exit;
use crate::cli::output::{json, tell};
use crate::cli::result_folder::write_file;
use crate::domain::number::grouped;
use crate::domain::system::{CareSystem, SiteKind};
use crate::import::data_return::fault::ReturnError;
use crate::import::data_return::overlay::{Base, MODEL, Overlay, by_specialty, overlay};
use crate::import::data_return::{DataReturn, Origin, Who, form, layout, read, rows};
use crate::input::{self, Loaded, codes, csv, paths};
use clap::Args;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// Arguments of `bedalloc import workbook`.
#[derive(Debug, Args)]
pub struct WorkbookArguments {
    /// The form that came back, as an Excel workbook.
    pub file: PathBuf,
    /// The model that it is for [default: the one that the form was made from].
    #[arg(long, value_name = "MODEL")]
    pub model: Option<PathBuf>,
    /// Folder for the tables and the model; must not exist [default: beside the workbook, with its name].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print JSON for machines.
    #[arg(long)]
    pub json: bool,
}

/// For whom a form is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Code or name of a trust.
    pub trust: Option<String>,
    /// Code or name of a commissioner.
    pub commissioner: Option<String>,
}

/// Makes a form; the text says where it is and what comes next.
pub fn make(file: &Path, model: &Path, wanted: &Wanted) -> Result<String, String> {
    if file.exists() {
        return Err(format!(
            "`{}` is there already: nothing is overwritten; choose another name",
            file.display()
        ));
    }
    let loaded = load(model)?;
    let system = &loaded.system;
    let who = who(system, wanted)?;
    let sites = layout::sites(system, who, SiteKind::Acute).len();
    if sites == 0 {
        return Err(format!(
            "{} has no acute site in this model: there is nothing to fill in",
            who.name(system)
        ));
    }
    let (_, beds_sha256) = table(&loaded, "beds")?;
    let home = paths::folder_of(file);
    let origin = Origin { model: paths::way(home, model), beds_sha256 };
    let bytes = form::form(system, who, &origin)
        .map_err(|fault| format!("the form could not be laid out: {fault}"))?;
    fs::create_dir_all(home).map_err(|fault| format!("{} cannot be made: {fault}", home.display()))?;
    write_file(file, &bytes).map_err(|fault| fault.to_string())?;
    Ok(format!(
        "A form for {}: {}\n{sites} acute {} with {} specialties each; {} rows for community sites\n\nWhen it comes back:\n  \
         bedalloc import workbook {}\n",
        who.name(system),
        file.display(),
        if sites == 1 { "site" } else { "sites" },
        system.specialties.len(),
        layout::sites(system, who, SiteKind::Community).len() + layout::NEW_ROWS,
        file.display()
    ))
}

fn load(model: &Path) -> Result<Loaded, String> {
    input::load(model).map_err(|faults| format!("the model that the form is for cannot be read:\n{faults}"))
}

/// The file of a table that was read, and its SHA-256.
fn table(loaded: &Loaded, name: &str) -> Result<(PathBuf, String), String> {
    let names = [format!("{name}.csv"), format!("{name}.csv.gz")];
    let is =
        |path: &Path| path.file_name().is_some_and(|file| names.iter().any(|name| file == name.as_str()));
    let found = loaded.inputs.iter().find(|input| is(&input.path));
    found
        .map(|input| (input.path.clone(), input.sha256.clone()))
        .ok_or_else(|| format!("the model has no table of {name}"))
}

fn who(system: &CareSystem, wanted: &Wanted) -> Result<Who, String> {
    fn found<X>(kind: &str, asked: &str, by_code: Option<X>, all: Vec<(X, &str, &str)>) -> Result<X, String> {
        let lower = asked.to_lowercase();
        let known: Vec<&str> = all.iter().flat_map(|(_, code, name)| [*code, *name]).collect();
        let cure = rows::hint(asked, known, "`bedalloc explain` lists codes, and so do the tables");
        let named = all.into_iter().find(|(_, _, name)| name.to_lowercase() == lower).map(|(x, ..)| x);
        by_code.or(named).ok_or_else(|| format!("the model has no {kind} `{asked}`: {cure}"))
    }
    match (&wanted.trust, &wanted.commissioner) {
        (Some(asked), _) => {
            let all =
                system.trusts.iter().map(|(x, id, item)| (x, id.as_str(), item.name.as_str())).collect();
            found("trust", asked, system.trusts.find(asked.as_str()), all).map(Who::Trust)
        }
        (None, Some(asked)) => {
            let all = system
                .commissioners
                .iter()
                .map(|(x, id, item)| (x, id.as_str(), item.name.as_str()))
                .collect();
            found("commissioner", asked, system.commissioners.find(asked.as_str()), all)
                .map(Who::Commissioner)
        }
        (None, None) => Ok(Who::Everybody),
    }
}

/// Runs `bedalloc import workbook`: 0 when the overlay is written, 2 with every fault when it is not.
pub fn run(arguments: &WorkbookArguments) -> Exit {
    match take(arguments) {
        Err(Refusal::Faults(fault)) if arguments.json => match tell(Ok(faults_as_json(&fault))) {
            Exit::Done => Exit::BadInput,
            cannot_print => cannot_print,
        },
        taken => tell(taken.map_err(|refusal| match refusal {
            Refusal::Faults(fault) => fault.to_string(),
            Refusal::Words(words) => words,
        })),
    }
}

/// Why a return is not taken.
enum Refusal {
    Faults(ReturnError),
    Words(String),
}

impl From<ReturnError> for Refusal {
    fn from(fault: ReturnError) -> Self {
        Self::Faults(fault)
    }
}

impl From<String> for Refusal {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

fn faults_as_json(fault: &ReturnError) -> String {
    let told = match fault {
        ReturnError::Cells(faults) => json!({ "ok": false, "count": faults.len(), "faults": faults }),
        other => json!({ "ok": false, "count": 1, "faults": [{ "cause": other.to_string() }] }),
    };
    format!("{told:#}\n")
}

fn take(arguments: &WorkbookArguments) -> Result<String, Refusal> {
    let file = &arguments.file;
    let out = arguments.out.clone().unwrap_or_else(|| file.with_extension(""));
    if out.exists() {
        return Err(format!(
            "`{}` is there already: nothing is overwritten; choose another with --out",
            out.display()
        )
        .into());
    }
    let bytes = fs::read(file).map_err(|fault| format!("{} cannot be read: {fault}", file.display()))?;
    let hash = csv::sha256(&bytes);
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let form = read::open(&name, bytes)?;
    let stated = paths::without_detours(&paths::folder_of(file).join(&form.marked.origin.model));
    let model = arguments.model.clone().unwrap_or(stated);
    if !model.is_file() {
        let cause = format!(
            "the model that the form was made from is not at {}: name it with --model",
            model.display()
        );
        return Err(cause.into());
    }
    let loaded = load(&model)?;
    let given = read::read(form, &loaded.system)?;
    let (beds, beds_sha256) = table(&loaded, "beds")?;
    let (sites, _) = table(&loaded, "sites")?;
    let base = Base {
        system: &loaded.system,
        beds,
        sites,
        own: loaded.own_tables.clone(),
        model: paths::way(&out, &model),
        notes: loaded
            .notes
            .iter()
            .filter(|note| note.code == codes::NOTE_OF_MODEL)
            .map(|note| note.text.clone())
            .collect(),
        workbook: (name, hash),
    };
    let made = overlay(&given, &base).map_err(|fault| fault.to_string())?;
    write(&out, &made)?;
    let stale = given.origin.beds_sha256 != beds_sha256;
    if arguments.json {
        let found = json!({
            "ok": true,
            "who": given.who.name(&loaded.system),
            "rows": given.beds.len(),
            "left_blank": given.left_blank,
            "community_sites": given.community.len(),
            "estimated": given.estimated(),
            "beds_before": made.beds.0.0,
            "beds_after": made.beds.1.0,
            "tables_changed_since": stale,
            "model": out.join(MODEL).display().to_string(),
        });
        return Ok(json(&found)?);
    }
    Ok(told(&given, &made, &loaded.system, &out, stale))
}

/// Writes the overlay under a hidden name, loads the model from there, and only then gives it its own.
fn write(out: &Path, made: &Overlay) -> Result<(), String> {
    let home = paths::folder_of(out);
    let failed = |fault: std::io::Error| format!("{} cannot be written: {fault}", out.display());
    fs::create_dir_all(home).map_err(failed)?;
    // Beside the folder itself, so that the way to the base is the same.
    let mut hidden = tempfile::Builder::new();
    hidden.prefix(".bedalloc-");
    #[cfg(unix)]
    {
        // As any folder that a user makes: what it becomes is theirs to read and share.
        use std::os::unix::fs::PermissionsExt;
        hidden.permissions(fs::Permissions::from_mode(0o777));
    }
    let beside = hidden.tempdir_in(home).map_err(failed)?;
    for (name, bytes) in &made.files {
        let file = beside.path().join(name);
        fs::create_dir_all(paths::folder_of(&file)).map_err(failed)?;
        fs::write(&file, bytes).map_err(failed)?;
    }
    if let Err(faults) = input::load(&beside.path().join(MODEL)) {
        let text =
            faults.to_string().replace(&beside.path().display().to_string(), &out.display().to_string());
        return Err(format!(
            "every cell of the return can be used, but not the model with it; nothing was written:\n{text}"
        ));
    }
    fs::rename(beside.path(), out).map_err(failed)?;
    // The folder has its name now: there is nothing hidden left to remove.
    let _ = beside.keep();
    Ok(())
}

fn told(given: &DataReturn, made: &Overlay, system: &CareSystem, out: &Path, stale: bool) -> String {
    use std::fmt::Write;
    let mut text = format!("{}\n\n", given.who.name(system));
    let _ = writeln!(text, "  rows of beds filled in     {:>10}", given.beds.len());
    let _ = writeln!(text, "  rows left blank (kept)     {:>10}", given.left_blank);
    let _ = writeln!(text, "  said to be estimates       {:>10}", given.estimated());
    let _ = writeln!(text, "  beds of these sites before {:>10}", grouped(made.beds.0.0, 1));
    let _ = writeln!(text, "  beds of these sites now    {:>10}", grouped(made.beds.1.0, 1));
    let changes = by_specialty(given, system);
    let changes = changes.iter().filter(|(_, before, after)| (after.0 - before.0).abs() > 1e-9);
    for (name, before, after) in changes {
        let _ = writeln!(text, "    {name}: {} to {} beds", grouped(before.0, 1), grouped(after.0, 1));
    }
    if !given.community.is_empty() {
        let (sites, beds) = (given.community.len(), grouped(made.community.0, 1));
        let _ = writeln!(
            text,
            "  community sites            {sites:>10}\n  their step-down beds       {beds:>10}"
        );
        if system.policy.step_down.is_none() {
            text.push_str("\nNote: the model does not plan with step-down beds; see `step_down` in docs/model-file.md.\n");
        }
    }
    if stale {
        text.push_str("\nNote: the table of beds has changed since the form was made; rows left blank have the figures of today.\n");
    }
    let model = out.join(MODEL);
    let _ = write!(
        text,
        "\nThe model with these figures: {0}\n\nNext:\n  bedalloc check {0}\n  bedalloc solve {0}\n",
        model.display()
    );
    text
}
