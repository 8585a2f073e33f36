//! A row of what is measured.

#![allow(dead_code, reason = "each bench uses a part")]

use std::hint::black_box;

/// One call of what is measured, with its inputs made.
pub type Ready = Box<dyn FnMut()>;

pub struct Row {
    /// `group/operation_parameter`.
    pub name: &'static str,
    /// SHA-256 compressions that it cannot do without, each of the state that the one before left: its floor.
    pub compressions: u32,
    /// How often it wipes the stack, which has a row of its own.
    pub wipings: u32,
    /// The most that its instructions may be, in floors, with the software backend and without the wiping.
    pub instructions: Option<f64>,
    /// The most that its time may be, in floors, with SHA instructions and without the wiping.
    pub time: Option<f64>,
    pub ready: fn() -> Ready,
}

impl Row {
    /// The compressions of its floor: of a row that needs none it is one, as a scale.
    pub const fn floor(&self) -> u32 {
        if self.compressions == 0 { 1 } else { self.compressions }
    }
}

/// A row that is stated, without a bar.
pub const STATED: Row = Row { name: "", compressions: 0, wipings: 0, instructions: None, time: None, ready: || Box::new(|| ()) };

pub fn ready<I: 'static, O>(mut input: I, mut operation: impl FnMut(&mut I) -> O + 'static) -> Ready {
    Box::new(move || {
        black_box(operation(black_box(&mut input)));
    })
}
