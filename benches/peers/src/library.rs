//! C libraries, looked for when this runs.

use libloading::Library;

/// A peer that is not here, and what to do about it.
pub struct Missing {
    pub name: &'static str,
    pub why: String,
}

/// An open library; never closed, as what was found in it is kept.
pub struct Open {
    name: &'static str,
    library: &'static Library,
}

/// Opens the first of `files` that is installed.
pub fn library(name: &'static str, package: &str, files: &[&str]) -> Result<Open, Missing> {
    // SAFETY: these libraries' initialisers do what any program that links them lets them do.
    let found = files.iter().find_map(|file| unsafe { Library::new(*file) }.ok());
    let library = found.ok_or_else(|| Missing { name, why: format!("apt-get install {package}") })?;
    Ok(Open { name, library: Box::leak(Box::new(library)) })
}

impl Open {
    /// # Safety
    /// `T` is the type that the library's header gives `symbol`.
    pub unsafe fn get<T: Copy>(&self, symbol: &str) -> Result<T, Missing> {
        // SAFETY: the caller's promise
        let found = unsafe { self.library.get::<T>(symbol) };
        found.map(|symbol| *symbol).map_err(|_| Missing { name: self.name, why: format!("its library has no {symbol}") })
    }
}
