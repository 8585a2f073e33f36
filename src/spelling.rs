//! Words for the characters of a challenge, for reading aloud (SPEC.md §20).

/// The language of a spelling alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// ITU/NATO.
    English,
    /// The Dutch telephone alphabet.
    Dutch,
}

/// The word for a letter or digit, in either case; `None` for anything else, such as the dashes between groups.
#[must_use]
pub const fn spell(ch: char, language: Language) -> Option<&'static str> {
    let (english, dutch) = match ch.to_ascii_uppercase() {
        '0' => ("zero", "nul"),
        '1' => ("one", "een"),
        '2' => ("two", "twee"),
        '3' => ("three", "drie"),
        '4' => ("four", "vier"),
        '5' => ("five", "vijf"),
        '6' => ("six", "zes"),
        '7' => ("seven", "zeven"),
        '8' => ("eight", "acht"),
        '9' => ("nine", "negen"),
        'A' => ("Alfa", "Anton"),
        'B' => ("Bravo", "Bernhard"),
        'C' => ("Charlie", "Cornelis"),
        'D' => ("Delta", "Dirk"),
        'E' => ("Echo", "Eduard"),
        'F' => ("Foxtrot", "Ferdinand"),
        'G' => ("Golf", "Gerard"),
        'H' => ("Hotel", "Hendrik"),
        'I' => ("India", "Izaak"),
        'J' => ("Juliett", "Johan"),
        'K' => ("Kilo", "Karel"),
        'L' => ("Lima", "Lodewijk"),
        'M' => ("Mike", "Maria"),
        'N' => ("November", "Nico"),
        'O' => ("Oscar", "Otto"),
        'P' => ("Papa", "Pieter"),
        'Q' => ("Quebec", "Quotiënt"),
        'R' => ("Romeo", "Rudolf"),
        'S' => ("Sierra", "Simon"),
        'T' => ("Tango", "Theodoor"),
        'U' => ("Uniform", "Utrecht"),
        'V' => ("Victor", "Victor"),
        'W' => ("Whiskey", "Willem"),
        'X' => ("X-ray", "Xantippe"),
        'Y' => ("Yankee", "Ypsilon"),
        'Z' => ("Zulu", "Zacharias"),
        _ => return None,
    };
    Some(match language {
        Language::English => english,
        Language::Dutch => dutch,
    })
}
