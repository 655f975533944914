//! Knows of common programs which of their arguments they read as commands, for templates that name a file.

/// How a program reads an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ArgumentReading {
    /// As a name, whatever it holds.
    Data,
    /// As a text in a language of its own, or it types it somewhere.
    Command,
    /// As a program, which it starts.
    Program,
}

/// The arguments of a program that can be told to run a text.
pub(super) struct ProgramSyntax {
    pub names: &'static [&'static str],
    /// The options whose value is code.
    pub code_options: &'static [&'static str],
    /// The letters that do the same at the end of a cluster of short options (`-lne`).
    pub code_letters: &'static str,
    /// The options whose value is a file that is run.
    pub script_options: &'static [&'static str],
    /// Other options with a value in the next word.
    pub valued_options: &'static [&'static str],
    /// How the first operand is read where no option gave any code.
    pub first_operand: ArgumentReading,
    /// True where the code is the first operand, wherever the option stands, and the words after it are its arguments.
    pub is_shell: bool,
    /// True where every operand is code once an option for code is there.
    pub runs_all: bool,
    /// True where no other option takes code, whatever it is called.
    pub is_whole: bool,
}

impl ProgramSyntax {
    /// True for an option that gives code; a shell takes its own anywhere in a cluster.
    pub(super) fn takes_code(&self, word: &str) -> bool {
        let is_cluster = word.starts_with('-') && !word.starts_with("--");
        self.code_options.contains(&word)
            || ends_cluster(word, self.code_letters)
            || (self.is_shell && is_cluster && word.contains('c'))
    }

    /// True for an option whose value is a file that is run, alone or at the end of a cluster of short ones.
    pub(super) fn takes_script(&self, word: &str) -> bool {
        let is_last = |option: &&str| option.len() == 2 && ends_cluster(word, &option[1..]);
        self.script_options.contains(&word) || self.script_options.iter().any(is_last)
    }

    /// True for an option with a value that is neither code nor a file to run.
    pub(super) fn takes_value(&self, word: &str) -> bool {
        self.valued_options.contains(&word) || (self.is_shell && ends_cluster(word, "o"))
    }

    /// True for an option after which no operand is the program's text.
    pub(super) fn gives_program(&self, word: &str) -> bool {
        matches!(word, "run" | "-m") && self.takes_any(word)
            || matches!(word, "-f" | "--file" | "--from-file" | "-F" | "--process-file")
                && self.script_options.contains(&word)
    }

    fn takes_any(&self, word: &str) -> bool {
        self.script_options.contains(&word) || self.valued_options.contains(&word)
    }
}

const NO_PROGRAM: ProgramSyntax = ProgramSyntax {
    names: &[],
    code_options: &[],
    code_letters: "",
    script_options: &[],
    valued_options: &[],
    first_operand: ArgumentReading::Data,
    is_shell: false,
    runs_all: false,
    is_whole: false,
};

const LANGUAGE: ProgramSyntax = ProgramSyntax { first_operand: ArgumentReading::Program, ..NO_PROGRAM };

const PROGRAMS: [ProgramSyntax; 12] = [
    ProgramSyntax {
        names: &[
            "sh", "bash", "rbash", "ash", "dash", "zsh", "ksh", "mksh", "oksh", "lksh", "pdksh", "yash",
            "osh", "ysh", "csh", "tcsh", "fish", "nu", "elvish", "xonsh", "rc", "es", "hush", "ion", "murex",
        ],
        code_options: &["--command", "--commands"],
        code_letters: "c",
        script_options: &["--rcfile", "--init-file", "--config", "--env-config"],
        valued_options: &["-o", "+o", "-O", "+O", "-C", "--init-command"],
        is_shell: true,
        ..LANGUAGE
    },
    ProgramSyntax {
        names: &["python", "pypy", "ipython"],
        code_letters: "c",
        valued_options: &["-W", "-X", "-m"],
        ..LANGUAGE
    },
    ProgramSyntax {
        names: &[
            "perl",
            "ruby",
            "jruby",
            "julia",
            "lua",
            "luajit",
            "texlua",
            "racket",
            "guile",
            "osascript",
            "rscript",
            "r",
        ],
        code_options: &["--eval", "--print"],
        code_letters: "eEc",
        script_options: &["-r"],
        valued_options: &["-I"],
        ..LANGUAGE
    },
    ProgramSyntax {
        names: &["node", "nodejs", "deno", "bun", "tsx", "ts-node", "qjs"],
        code_options: &["--eval", "--print", "eval"],
        code_letters: "ep",
        script_options: &["-r", "--require", "--import", "run"],
        ..LANGUAGE
    },
    ProgramSyntax {
        names: &["php"],
        code_options: &["--run", "--process-code", "--process-begin", "--process-end"],
        code_letters: "rBRE",
        script_options: &["-f", "--file", "-F", "--process-file"],
        valued_options: &["-d", "-c"],
        ..LANGUAGE
    },
    ProgramSyntax {
        names: &[
            "tclsh", "wish", "expect", "elixir", "erl", "escript", "scala", "jshell", "sbcl", "clisp", "gdb",
            "lldb", "source", ".",
        ],
        code_options: &["--eval", "-eval", "-ex", "-x", "--execute"],
        code_letters: "ec",
        script_options: &["-f", "--load", "-i"],
        ..LANGUAGE
    },
    ProgramSyntax {
        names: &["awk", "gawk", "mawk", "nawk", "sed", "gsed", "jq", "yq", "dc"],
        code_options: &["--expression", "--source"],
        code_letters: "e",
        script_options: &["-f", "--file", "--from-file"],
        valued_options: &["-v", "-F"],
        first_operand: ArgumentReading::Command,
        ..NO_PROGRAM
    },
    ProgramSyntax {
        names: &[
            "vi", "vim", "nvim", "gvim", "mvim", "view", "gview", "rvim", "vimdiff", "nvim-qt", "neovide",
            "vimr", "ex",
        ],
        code_options: &["--cmd", "--remote-send", "--remote-expr"],
        code_letters: "c",
        script_options: &["-S", "-s", "-u", "-U", "-l"],
        valued_options: &["--servername", "--server", "--listen", "-i", "-w", "-W", "-T", "-t"],
        ..NO_PROGRAM
    },
    ProgramSyntax {
        names: &["emacs", "xemacs"],
        code_options: &["--eval", "-eval", "--execute", "-execute", "-f", "--funcall", "-funcall"],
        script_options: &["-l", "--load", "-load", "--script", "-script", "-x"],
        ..NO_PROGRAM
    },
    ProgramSyntax {
        names: &["emacsclient", "gnuclient"],
        code_options: &["--eval"],
        code_letters: "e",
        script_options: &["-a", "--alternate-editor"],
        valued_options: &["-s", "-f", "-d", "-F", "--socket-name", "--server-file", "--display"],
        runs_all: true,
        is_whole: true,
        ..NO_PROGRAM
    },
    ProgramSyntax {
        names: &["kak", "kakoune"],
        code_letters: "eE",
        valued_options: &["-s", "-c", "-p", "-f", "-i", "-ui"],
        ..NO_PROGRAM
    },
    // What is an option for code elsewhere turns only the looks of these.
    ProgramSyntax {
        names: &["nano", "pico", "less", "most", "bat", "sudoedit", "test", "[", "[[", "case"],
        is_whole: true,
        ..NO_PROGRAM
    },
];

/// The programs that put their arguments into one text for a shell or a language, or type them somewhere.
const HANDING_ON: &str = "ssh slogin autossh mosh et rsh dbclient plink adb wsl su runuser machinectl tmux tmate screen byobu \
    zellij kitten xdotool ydotool wtype dotool i3-msg swaymsg hyprctl riverctl herbstclient \
    awesome-client dbus-send gdbus qdbus busctl watch parallel at batch eval trap cmd command.com pwsh \
    powershell pwsh-preview iex vifm";

/// The programs that hand on what follows one of their own words.
const HANDING_ON_AFTER: [(&str, &str); 4] =
    [("kitty", "@"), ("wezterm", "cli"), ("nvr", "--remote-send"), ("nvr", "--remote-expr")];

/// The options, whatever the program, whose value somebody runs.
const CODE_OPTIONS: &str = "+ -S -x --cmd --command --commands --init-command --eval -eval --execute -execute \
    --exec -exec -ex --expr --run --remote-send --remote-expr --split-string --rcfile /c /k";

/// The programs that start the one in their operands, beside those that a shell's users know.
const STARTING: &str = "foot footclient kitty alacritty wezterm ghostty xterm urxvt st gnome-terminal kgx konsole \
    xfce4-terminal terminator tilix caffeinate systemd-run flatpak-spawn xvfb-run dbus-run-session \
    nsenter unshare direnv mise strace setarch catchsegv";

/// What a program is built with or packed as, behind its name: `emacs-nox`, `vim.gtk3`.
const BUILDS: &str = "nox gtk gtk+x pgtk lucid nw x x11 motif athena gnome basic tiny small normal big huge full static \
    shared dbg debug distrib posix snapshot git nightly dev stable appimage native nativecomp macport mac";

/// A program's name without folders, ending, version and build: `python` of `/usr/bin/python3.12`, `emacs` of `emacs-nox`.
pub(super) fn program_name(word: &str) -> String {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word).to_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    let is_version = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-');
    let mut bare = name.trim_end_matches(is_version);
    while let Some((program, build)) = bare.rsplit_once(['-', '.']) {
        let build = build.trim_end_matches(is_version);
        if program.is_empty() || !BUILDS.split_whitespace().any(|known| known == build) {
            break;
        }
        bare = program.trim_end_matches(is_version);
    }
    if bare.is_empty() { name.to_owned() } else { bare.to_owned() }
}

/// What is known of a program; none for one that takes names as names, or is not known.
pub(super) fn find_syntax(program: &str) -> Option<&'static ProgramSyntax> {
    PROGRAMS.iter().find(|syntax| syntax.names.contains(&program))
}

/// True where the program, with these words after it, makes a command or keys of its later words.
pub(super) fn hands_on<'w>(program: &str, mut after: impl Iterator<Item = &'w str>) -> bool {
    HANDING_ON.split_whitespace().any(|name| name == program)
        || after.any(|word| HANDING_ON_AFTER.iter().any(|(name, sign)| *name == program && *sign == word))
}

/// The words behind which a program gives a shell the text that follows: of multiplexers, terminals and the like.
const TEXT_STARTING: &str = "new-window neww split-window splitw new-session new popup display-popup respawn-window \
    respawn-pane run-shell run if-shell send-keys send send-text stuff launch spawn exec start -- -c -e -x -E /c /k /C /K \
    --command -command --exec -exec --run --eval --execute -execute";

/// True for a word behind which a program starts a text as a command.
pub(super) fn starts_text(word: &str) -> bool {
    TEXT_STARTING.split_whitespace().any(|starting| starting == word) || ends_cluster(word, "c")
}

/// True for an option that commonly takes code, alone or at the end of a cluster of short ones.
pub(super) fn is_code_option(word: &str) -> bool {
    CODE_OPTIONS.split_whitespace().any(|option| option == word || option == word.to_ascii_lowercase())
        || ends_cluster(word, "ceE")
}

/// True for short options of which the last is one of the letters.
pub(super) fn ends_cluster(word: &str, letters: &str) -> bool {
    let cluster = word.strip_prefix('-').filter(|rest| rest.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    cluster.and_then(|rest| rest.chars().last()).is_some_and(|last| letters.contains(last))
}

/// True for a word that is an option of whatever program it is given to.
pub(super) fn is_option(word: &str) -> bool {
    word.len() > 1 && word.starts_with(['-', '+'])
}

/// True where the program starts the next word that is no option.
pub(super) fn starts_next<'w>(program: &str, mut between: impl Iterator<Item = &'w str>) -> bool {
    let is_own = |word: &str| is_option(word) || matches!(word, "start" | "exec" | "run");
    STARTING.split_whitespace().any(|name| name == program) && between.all(is_own)
}
