//! `bedalloc new`: a commented model and a tiny data set to start from.

use super::data_return::{self, Wanted};
use crate::cli::exit_code::Exit;
use crate::cli::output::tell;
use clap::Args;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Arguments of `bedalloc new`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bedalloc new westmarch\n  bedalloc check westmarch/models/tutorial.yaml\n  \
                        bedalloc new --workbook returns/rj1.xlsx --trust RJ1"
)]
pub struct NewArguments {
    /// The folder to write to; made when it does not exist.
    #[arg(value_name = "DIR", required_unless_present = "workbook", conflicts_with = "workbook")]
    pub folder: Option<PathBuf>,
    /// Write a data return instead: a workbook in which somebody fills in their own beds.
    #[arg(long, value_name = "FILE")]
    pub workbook: Option<PathBuf>,
    /// The model that the data return is for.
    #[arg(long, value_name = "MODEL", requires = "workbook", default_value = "models/england-2019.yaml")]
    pub model: PathBuf,
    /// The trust that fills it in, by code or name [default: all trusts].
    #[arg(long, value_name = "TRUST", requires = "workbook", conflicts_with = "commissioner")]
    pub trust: Option<String>,
    /// The commissioner (health authority) that fills it in, by code or name.
    #[arg(long, value_name = "COMMISSIONER", requires = "workbook")]
    pub commissioner: Option<String>,
}

macro_rules! shipped {
    ($($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!("../../../", $path)))),+]
    };
}

/// The files of the tutorial, each with its text.
const FILES: &[(&str, &str)] = shipped![
    "models/tutorial.yaml",
    "data/tutorial/README.md",
    "data/tutorial/areas.csv",
    "data/tutorial/beds.csv",
    "data/tutorial/commissioners.csv",
    "data/tutorial/councils.csv",
    "data/tutorial/delays.csv",
    "data/tutorial/flows.csv",
    "data/tutorial/need.csv",
    "data/tutorial/sites.csv",
    "data/tutorial/social_care.csv",
    "data/tutorial/specialties.csv",
    "data/tutorial/travel_times.csv",
    "data/tutorial/trusts.csv",
];

/// Runs the command; refuses to overwrite anything.
pub fn run(arguments: &NewArguments, quiet: bool) -> Exit {
    if let Some(file) = &arguments.workbook {
        let wanted = Wanted { trust: arguments.trust.clone(), commissioner: arguments.commissioner.clone() };
        let made = data_return::make(file, &arguments.model, &wanted);
        return tell(made.map(|text| if quiet { String::new() } else { text }));
    }
    arguments.folder.as_ref().map_or(Exit::BadInput, |folder| tutorial(folder, quiet))
}

/// Writes the tutorial.
fn tutorial(folder: &Path, quiet: bool) -> Exit {
    if let Some((path, _)) = FILES.iter().find(|(path, _)| folder.join(path).exists()) {
        eprintln!(
            "`{}` is there already: nothing is overwritten; choose another folder",
            folder.join(path).display()
        );
        return Exit::BadInput;
    }
    for (path, text) in FILES {
        if let Err(error) = write_new(&folder.join(path), text) {
            eprintln!("`{}` cannot be written: {error}", folder.join(path).display());
            return Exit::BadInput;
        }
    }
    if !quiet {
        let model = folder.join(FILES[0].0);
        println!("A commented model: {}", model.display());
        println!("Its tables:        {}", folder.join("data/tutorial").display());
        println!("\nNext:\n  bedalloc check {0}\n  bedalloc solve {0}", model.display());
    }
    Exit::Done
}

/// Writes a file that does not exist yet, and the folders above it.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_model_has_no_faults_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let county = folder.path().join("county");
        assert_eq!(tutorial(&county, true), Exit::Done);
        let model = county.join("models/tutorial.yaml");
        assert!(crate::input::load(&model).is_ok());
        fs::write(&model, "mine").unwrap();
        assert_eq!(tutorial(&county, true), Exit::BadInput);
        assert_eq!(fs::read_to_string(&model).unwrap(), "mine");
    }

    #[test]
    fn every_file_of_the_tutorial_is_shipped() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tutorial");
        for file in fs::read_dir(folder).unwrap().flatten() {
            let name = format!("data/tutorial/{}", file.file_name().to_string_lossy());
            assert!(FILES.iter().any(|(path, _)| *path == name), "{name} is missing");
        }
    }
}
