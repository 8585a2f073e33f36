//! The command line's errors, in the language that it asks for.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use super::lang::Lang;

/// The language, found before anything else is read, so that every error can be said in it.
pub(crate) fn lang() -> Lang {
    let args: Vec<OsString> = env::args_os().collect();
    let dutch = args.iter().any(|arg| arg == "--lang=nl") || args.windows(2).any(|pair| pair[0] == "--lang" && pair[1] == "nl");
    if dutch { Lang::Nl } else { Lang::En }
}

/// What is wrong with the command line.
pub(crate) fn error(error: &lexopt::Error) -> String {
    let lang = lang();
    match error {
        lexopt::Error::UnexpectedOption(option) => lang.unknown_option(option),
        lexopt::Error::MissingValue { option } => lang.missing_value(option.as_deref().unwrap_or_default()),
        lexopt::Error::UnexpectedArgument(value) => lang.unexpected_argument(&value.to_string_lossy()),
        other => other.to_string(),
    }
}

/// The value of `--lang`, which must be one.
pub(crate) fn check_lang(args: &mut lexopt::Parser) -> Result<(), String> {
    match text(args)?.as_str() {
        "en" | "nl" => Ok(()),
        other => Err(lang().unknown_lang(other)),
    }
}

/// An option's value, as text.
pub(crate) fn text(args: &mut lexopt::Parser) -> Result<String, String> {
    Ok(args.value().map_err(|e| error(&e))?.to_string_lossy().into_owned())
}

/// An option's value, as a path.
pub(crate) fn path(args: &mut lexopt::Parser) -> Result<PathBuf, String> {
    Ok(args.value().map_err(|e| error(&e))?.into())
}
