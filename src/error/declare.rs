//! How an error is declared: its name in SPEC.md §13, its message, its source.

/// Declares an error enum: each variant with its SPEC.md §13 name and its message. A variant that holds another error has that as its source.
macro_rules! errors {
    ($(#[$meta:meta])* $name:ident {
        $(
            $(#[$vmeta:meta])*
            $variant:ident $({ $($(#[$fmeta:meta])* $field:ident : $ty:ty),+ })? $(($inner:ident : $ity:ty))?
            => $spec:expr, $fmt:literal $(, $arg:expr)* ;
        )+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name { $($(#[$vmeta])* $variant $({ $($(#[$fmeta])* $field: $ty),+ })? $(($ity))?,)+ }

        impl $name {
            /// The error's name in SPEC.md §13.
            #[must_use]
            #[allow(unused_variables)]
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant $({ $($field),+ })? $(($inner))? => $spec,)+ }
            }
        }

        impl fmt::Display for $name {
            #[allow(unused_variables)]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Self::$variant $({ $($field),+ })? $(($inner))? => write!(f, $fmt $(, $arg)*),)+ }
            }
        }

        impl Error for $name {
            #[allow(unused_variables)]
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                match self { $(Self::$variant $({ $($field),+ })? $(($inner))? => None$(.or(Some($inner as _)))?,)+ }
            }
        }

        $($(impl From<$ity> for $name {
            fn from(error: $ity) -> Self { Self::$variant(error) }
        })?)+
    };
}

/// Declares an error that has one reason.
macro_rules! one_error {
    ($(#[$meta:meta])* $name:ident => $spec:literal, $text:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name;

        impl $name {
            /// The error's name in SPEC.md §13.
            #[must_use]
            pub const fn name(&self) -> &'static str { $spec }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str($text) }
        }

        impl Error for $name {}
    };
}
