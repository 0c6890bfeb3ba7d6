//! `bedalloc schema`: the model file described for editors and for people.

use crate::cli::exit_code::Exit;
use crate::input::schema;
use clap::Args;

/// Arguments of `bedalloc schema`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  bedalloc schema > model.schema.json\n\nIn an editor with the YAML language \
    server, begin a model with\n  # yaml-language-server: $schema=model.schema.json"
)]
pub struct SchemaArguments {
    /// Print the documentation of all keys and tables instead.
    #[arg(long)]
    pub markdown: bool,
}

/// Runs the command.
pub fn run(arguments: &SchemaArguments) -> Exit {
    if arguments.markdown {
        print!("{}", schema::documentation());
    } else {
        println!("{:#}", schema::json_schema());
    }
    Exit::Done
}
