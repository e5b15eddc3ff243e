//! Starts `xrdrama lsp`, found on the path of the project.
use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Xrdrama;

impl zed::Extension for Xrdrama {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree
            .which("xrdrama")
            .ok_or("xrdrama is not on the path: pip install 'xrdrama[author]'")?;
        Ok(Command { command, args: vec!["lsp".into()], env: worktree.shell_env() })
    }
}

zed::register_extension!(Xrdrama);
