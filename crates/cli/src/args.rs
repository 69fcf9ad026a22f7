//! What can be typed behind `tern`.
//!
//! Secrets are never arguments, which every user of a machine can see: passphrases and recovery phrases come from files,
//! or from standard input where the file is `-`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};

/// A private messenger without a window: for people, scripts and bots.
#[derive(Debug, Parser)]
#[command(name = "tern", version, about, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// Folder with the account's data; made when it is missing.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Network: `mainnet`, `testnet`, or a profile file.
    #[arg(
        long,
        global = true,
        value_name = "FILE|mainnet|testnet",
        default_value = "mainnet"
    )]
    pub(crate) network: String,
    /// Print JSON, one object a line, for programs.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// File with the passphrase of the data folder, needed where no keychain answers; `-` reads standard input.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make, restore or show the account.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Send a text, files, or both as one message, and wait until the network has confirmed it.
    Send {
        /// The recipient's Account ID.
        #[arg(long, value_name = "ID")]
        to: String,
        /// The text, 1 to 2,000 characters; `-` reads standard input.
        #[arg(long, allow_hyphen_values = true, required_unless_present_any = ["files", "voice"])]
        text: Option<String>,
        /// A file of at most 10 MB; may be given up to 32 times. What pictures and films tell of their maker is removed.
        #[arg(long = "file", value_name = "PATH")]
        files: Vec<PathBuf>,
        /// Pictures keep all their pixels; otherwise they are made as large as a screen shows.
        #[arg(long, requires = "files")]
        original: bool,
        /// A recording, sent as a voice message; it stands alone.
        #[arg(long, value_name = "PATH", conflicts_with_all = ["files", "text"])]
        voice: Option<PathBuf>,
        /// How long to wait; the message stays queued after that.
        #[arg(long, value_name = "TIME", default_value = "60s", value_parser = parse_duration)]
        timeout: Duration,
    },
    /// Print messages as they arrive, after those that are still unread, and mark them as read.
    Listen {
        /// How long to listen; without it until interrupted.
        #[arg(long = "for", value_name = "TIME", value_parser = parse_duration)]
        duration: Option<Duration>,
    },
    /// Print the newest messages of a conversation, oldest first.
    Messages {
        /// Account ID of the other side.
        #[arg(long, value_name = "ID")]
        with: String,
        /// How many at most.
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u32,
    },
    /// Write a file of a message to this device, and fetch it first when it is not here.
    Save {
        /// The file's number, as `messages` and `listen` print it.
        #[arg(long, value_name = "N")]
        attachment: i64,
        /// Where to; nothing may be there yet.
        #[arg(long, value_name = "PATH")]
        to: PathBuf,
        /// How long to wait for it.
        #[arg(long, value_name = "TIME", default_value = "5m", value_parser = parse_duration)]
        timeout: Duration,
    },
    /// Make an encrypted backup, bring one back, or draw a passphrase for one.
    #[command(subcommand)]
    Backup(BackupCommand),
    /// Write a conversation with its files as a web page into a new folder. This copy is not encrypted.
    Export {
        /// Account ID of the other side.
        #[arg(long, value_name = "ID")]
        with: String,
        /// The folder in which that folder is made.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Move history to another device of the account in the same local network.
    #[command(subcommand)]
    History(HistoryCommand),
    /// Print the conversations, in the order of the home list, then message requests.
    Conversations,
    /// Answer everybody with what they wrote; makes an account called Echo when there is none.
    Echo {
        /// How long; without it until interrupted.
        #[arg(long = "for", value_name = "TIME", value_parser = parse_duration)]
        duration: Option<Duration>,
    },
    /// Speak JSON-RPC 2.0 over standard input and output, one message a line.
    Rpc,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HistoryCommand {
    /// Offer what is here, and send it when both devices have confirmed the same code.
    Send,
    /// Take what another device offers, when both have confirmed the same code.
    Receive {
        /// Where the other device waits, as it says itself; without it the device is looked for.
        #[arg(long, value_name = "ADDRESS:PORT")]
        from: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    /// Print six words for a backup's passphrase. They are kept nowhere.
    Words,
    /// Write a backup. Messages with a disappearing timer are left out.
    Create {
        /// The file, which is replaced; or a folder, in which one is made.
        #[arg(long, value_name = "PATH")]
        to: PathBuf,
        /// File with what will open the backup; `-` reads standard input.
        #[arg(long, value_name = "FILE")]
        words_file: PathBuf,
        /// With the account itself: whoever opens the backup then has it.
        #[arg(long)]
        include_account: bool,
    },
    /// Bring back what is missing here; without an account here also the account, if the backup has it.
    Restore {
        /// The backup.
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
        /// File with what opens it; `-` reads standard input.
        #[arg(long, value_name = "FILE")]
        words_file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Make a new account and print its Account ID and its recovery phrase.
    Create {
        /// Display name, up to 100 bytes.
        #[arg(long)]
        name: String,
    },
    /// Bring an account back by its recovery phrase.
    Restore {
        /// File with the words; `-` reads standard input.
        #[arg(long, value_name = "FILE")]
        phrase_file: PathBuf,
        /// Display name to use until the account's own settings are found.
        #[arg(long)]
        name: Option<String>,
    },
    /// Print the Account ID and the display name.
    Show,
    /// Erase the account from this device, with all its messages. Only its recovery phrase brings it back.
    Clear {
        /// First delete what the network keeps of it: messages and settings.
        #[arg(long)]
        everywhere: bool,
        /// Yes, erase it.
        #[arg(long, required = true)]
        yes: bool,
    },
    /// Set the picture that others see, or take it away.
    SetPicture {
        /// The picture; its middle is used, and what it tells of its maker is removed.
        #[arg(long, value_name = "PATH", required_unless_present = "remove")]
        file: Option<PathBuf>,
        /// Take the picture away.
        #[arg(long, conflicts_with = "file")]
        remove: bool,
        /// How long to wait until it is on the network; the next run goes on after that.
        #[arg(long, value_name = "TIME", default_value = "60s", value_parser = parse_duration)]
        timeout: Duration,
    },
}

/// Parses a number with a unit, `500ms`, `30s`, `5m` or `2h`; without a unit it is seconds.
fn parse_duration(text: &str) -> Result<Duration, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| "a number is missing".to_owned())?;
    let seconds_each = match unit {
        "ms" => return Ok(Duration::from_millis(number)),
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err(format!("`{unit}` is not a unit; use ms, s, m or h")),
    };
    number
        .checked_mul(seconds_each)
        .map(Duration::from_secs)
        .ok_or_else(|| "too long".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn durations_have_a_unit_or_are_seconds() {
        assert_eq!(parse_duration("60s"), Ok(Duration::from_secs(60)));
        assert_eq!(parse_duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse_duration("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(parse_duration("2h"), Ok(Duration::from_secs(7200)));
        assert_eq!(parse_duration("7"), Ok(Duration::from_secs(7)));
        for wrong in [
            "",
            "s",
            "1d",
            "-1s",
            "1.5s",
            "99999999999999999999s",
            "18446744073709551615h",
        ] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn options_may_stand_before_or_behind_the_command() {
        for line in [
            "tern --data d --json conversations",
            "tern conversations --json --data d",
        ] {
            let arguments = Arguments::try_parse_from(line.split(' ')).unwrap();
            assert!(arguments.json);
            assert_eq!(arguments.data, Some(PathBuf::from("d")));
            assert_eq!(arguments.network, "mainnet");
        }
    }

    #[test]
    fn something_is_sent_a_text_or_files() {
        let send = |rest: &[&str]| {
            let arguments = ["tern", "send", "--to", "05"].iter().chain(rest);
            Arguments::try_parse_from(arguments).map(|arguments| match arguments.command {
                Command::Send { text, files, .. } => (text, files.len()),
                _ => unreachable!("it was `send`"),
            })
        };
        assert!(send(&[]).is_err());
        assert_eq!(send(&["--text", "a"]).unwrap(), (Some("a".to_owned()), 0));
        assert_eq!(send(&["--file", "a", "--file", "b"]).unwrap(), (None, 2));
        assert_eq!(
            send(&["--file", "a", "--text", ""]).unwrap(),
            (Some(String::new()), 1)
        );
        assert_eq!(send(&["--voice", "a"]).unwrap(), (None, 0));
        assert!(send(&["--voice", "a", "--file", "b"]).is_err());
    }

    #[test]
    fn a_text_may_begin_with_a_dash() {
        let arguments =
            Arguments::try_parse_from(["tern", "send", "--to", "05", "--text", "-1 degrees"]).unwrap();
        assert!(matches!(arguments.command, Command::Send { text: Some(text), .. } if text == "-1 degrees"));
    }
}
