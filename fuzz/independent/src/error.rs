//! §13

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    pub name: &'static str,
    pub argument: Option<u64>,
}

pub fn error(name: &'static str) -> Error {
    Error { name, argument: None }
}

pub fn error_of(name: &'static str, argument: u64) -> Error {
    Error { name, argument: Some(argument) }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.argument {
            None => write!(f, "{}", self.name),
            Some(a) => write!(f, "{}({a})", self.name),
        }
    }
}

impl std::error::Error for Error {}
