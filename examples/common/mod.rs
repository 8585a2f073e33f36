//! What the three examples share: words, paper and a recorder's inside.

#![allow(dead_code, reason = "each example uses its part")]

pub(crate) mod args;
pub(crate) mod device;
pub(crate) mod lang;
pub(crate) mod qr;
pub(crate) mod screen;
