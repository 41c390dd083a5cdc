//! The commands. One command, one file: its help, its arguments, what it does.

mod account;
mod check;
mod exit;
mod explain;
mod generate;
mod init;
mod progress;
mod request;
mod run;
mod sample;
mod summary;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::exit::Failure;

/// Reviews the quality of an after-sales service from its dumps: tickets, pauses, surveys, staff roster.
///
/// Without a command: `run pipelines/quarterly.toml` with the last period in which a ticket was requested.
#[derive(Debug, Parser)]
#[command(name = "aftersales", version, after_help = exit::HELP)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    talk: Talk,
}

/// How much is said on the way.
#[derive(Debug, Clone, Copy, clap::Args)]
struct Talk {
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,

    /// Tell the time and memory of each stage on stderr
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Args),
    Check(check::Args),
    Init(init::Args),
    Explain(explain::Args),
    Sample(sample::Args),
    Generate(generate::Args),
}

/// Runs the program and tells its exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // Where there is nobody to press Ctrl-C there may be no handler to set, and nothing is lost.
    let _ = ctrlc::set_handler(|| {
        let _held = (crate::review::abandon(), crate::generate::abandon());
        std::process::exit(exit::INTERRUPTED.into());
    });
    // A pool that is there already serves as well.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads()).build_global();
    let result = match cli.command.unwrap_or_else(|| Command::Run(run::Args::default())) {
        Command::Run(args) => run::run(&args, cli.talk),
        Command::Check(args) => check::run(&args, cli.talk),
        Command::Init(args) => init::run(&args, cli.talk),
        Command::Explain(args) => explain::run(&args, cli.talk),
        Command::Sample(args) => sample::run(&args, cli.talk),
        Command::Generate(args) => generate::run(&args, cli.talk),
    };
    match result {
        // A reader that has seen enough, such as `head`, is no failure.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprint!("{}", failure.message(std::io::stderr().is_terminal()));
            ExitCode::from(failure.code())
        }
    }
}

/// As many threads as polars takes, so that one setting bounds both.
fn threads() -> usize {
    let asked = std::env::var("POLARS_MAX_THREADS").ok().and_then(|n| n.parse().ok()).filter(|n| *n > 0);
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}
