//! The collector's command: arguments in, exit code out.

fn main() -> std::process::ExitCode {
    passerby::collector::cli::main()
}
