//! English and Dutch. A message is one function of both: none can be missing in one language.

use std::time::Duration;

use offline_reset::{
    Challenge, CodeError, CorrectionsError, Language, Method, OpenError, Origin, Purpose, QrError, ReadError, StoreError, SubmitError,
};

use super::device::Refusal;

/// The language of the examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lang {
    En,
    Nl,
}

impl Lang {
    /// For reading aloud.
    pub(crate) const fn spelling(self) -> Language {
        match self {
            Self::En => Language::English,
            Self::Nl => Language::Dutch,
        }
    }

    const fn pick<'a>(self, en: &'a str, nl: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::Nl => nl,
        }
    }

    /// A time in words, never shorter than it is: '45 seconds', '4 minutes', '8 hours and 32 minutes'.
    pub(crate) fn time(self, time: Duration) -> String {
        let count = |n: u64, (one, more): (&str, &str)| format!("{n} {}", if n == 1 { one } else { more });
        let hour = (self.pick("hour", "uur"), self.pick("hours", "uur"));
        let minute = (self.pick("minute", "minuut"), self.pick("minutes", "minuten"));
        let seconds = time.as_secs();
        if seconds < 60 {
            return count(seconds, (self.pick("second", "seconde"), self.pick("seconds", "seconden")));
        }
        let minutes = seconds.div_ceil(60);
        match (minutes / 60, minutes % 60) {
            (0, m) => count(m, minute),
            (h, 0) => count(h, hour),
            (h, m) => format!("{} {} {}", count(h, hour), self.pick("and", "en"), count(m, minute)),
        }
    }

    /// What a challenge is for.
    pub(crate) const fn purpose(self, purpose: Purpose) -> &'static str {
        match (purpose, self) {
            (Purpose::AccountPassword, Self::En) => "a new password",
            (Purpose::AccountPassword, Self::Nl) => "een nieuw wachtwoord",
            (Purpose::UnlockPattern, Self::En) => "a new unlock pattern",
            (Purpose::UnlockPattern, Self::Nl) => "een nieuw ontgrendelpatroon",
            (_, Self::En) => "back to factory settings",
            (_, Self::Nl) => "terug naar de fabrieksinstellingen",
        }
    }

    /// Where it is shown.
    pub(crate) const fn origin(self, origin: Origin) -> &'static str {
        match (origin, self) {
            (Origin::Local, Self::En) => "on the recorder's own screen",
            (Origin::Local, Self::Nl) => "op het scherm van de recorder zelf",
            (Origin::Network, Self::En) => "on the recorder's web page",
            (Origin::Network, Self::Nl) => "op de webpagina van de recorder",
        }
    }

    /// How the code comes.
    pub(crate) const fn method(self, method: Method) -> &'static str {
        match (method, self) {
            (Method::DynamicPassword, Self::En) => "dynamic password",
            (Method::DynamicPassword, Self::Nl) => "dynamisch wachtwoord",
            (Method::SecureCode, Self::En) => "secure code",
            (Method::SecureCode, Self::Nl) => "beveiligingscode",
        }
    }

    /// The same, to begin a sentence with.
    pub(crate) const fn the_method(self, method: Method) -> &'static str {
        match (method, self) {
            (Method::DynamicPassword, Self::En) => "The dynamic password",
            (Method::DynamicPassword, Self::Nl) => "Het dynamisch wachtwoord",
            (Method::SecureCode, Self::En) => "The secure code",
            (Method::SecureCode, Self::Nl) => "De beveiligingscode",
        }
    }

    /// What support sees of a challenge: name and value, line by line.
    pub(crate) fn facts(self, challenge: &Challenge) -> Vec<(String, String)> {
        let header = challenge.header();
        let mail = if header.address_on_file() { self.yes() } else { self.no() };
        vec![
            (self.fact_serial(), challenge.serial().as_str().to_owned()),
            (self.fact_purpose(), self.purpose(header.purpose()).to_owned()),
            (self.fact_origin(), self.origin(header.origin()).to_owned()),
            (self.fact_mail(), mail),
        ]
    }

    /// Why the recorder does not do what was asked.
    pub(crate) fn refusal(self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::Open(OpenError::TooSoon { remaining }) => self.too_soon(&self.time(*remaining)),
            Refusal::Open(OpenError::Busy) => self.busy(),
            Refusal::Submit(SubmitError::Read(error)) => self.code_error(*error),
            Refusal::Submit(SubmitError::NoChallenge) => self.no_challenge(),
            Refusal::Submit(SubmitError::Check) => self.check_digit(),
            Refusal::Submit(SubmitError::ReservedK) => self.reserved_k(),
            Refusal::Submit(SubmitError::Method) | Refusal::Open(OpenError::Method) => self.method_refused(),
            Refusal::Submit(SubmitError::Expired) => self.expired(),
            Refusal::Submit(SubmitError::Stopped) => self.stopped(),
            Refusal::Submit(SubmitError::Waiting { remaining }) => self.waiting(&self.time(*remaining)),
            Refusal::Open(OpenError::Store(error)) | Refusal::Submit(SubmitError::Store(error)) | Refusal::Store(error) => match error {
                StoreError::Stale => self.stale(),
                _ => self.store_failed(),
            },
            Refusal::Flash(error) => self.flash_failed(&error.to_string()),
            Refusal::Open(error) => error.to_string(),
            Refusal::Submit(error) => error.to_string(),
        }
    }

    fn code_error(self, error: CodeError) -> String {
        match error {
            CodeError::Empty => self.nothing_typed(),
            CodeError::TooLong { .. } => self.code_too_long(),
            CodeError::Alphabet { position } => self.code_alphabet(position + 1),
            CodeError::WrongKind => self.challenge_for_code(),
            CodeError::Length { found } => self.code_length(found),
            other => other.to_string(),
        }
    }

    /// Why a typed challenge cannot be read.
    pub(crate) fn challenge_error(self, error: ReadError) -> String {
        match error {
            ReadError::Empty => self.nothing_typed(),
            ReadError::TooLong { .. } => self.challenge_too_long(),
            ReadError::Alphabet { position } => self.challenge_alphabet(position + 1),
            ReadError::WrongKind => self.code_for_challenge(),
            ReadError::Length { found } => self.challenge_length(found),
            ReadError::Version { .. } | ReadError::Purpose { .. } => self.newer_recorder(),
            _ => self.challenge_check(),
        }
    }

    /// Why nothing can be proposed for it either.
    pub(crate) fn corrections_error(self, error: CorrectionsError) -> String {
        match error {
            CorrectionsError::Unreadable { found } => self.unreadable(found),
            CorrectionsError::Ambiguous => self.ambiguous(),
            CorrectionsError::Length { found } => self.challenge_length(found),
            CorrectionsError::TooLong { .. } => self.challenge_too_long(),
            _ => self.nothing_typed(),
        }
    }

    /// Why a QR code cannot be read.
    pub(crate) fn qr_error(self, error: QrError) -> String {
        match error {
            QrError::Empty => self.nothing_typed(),
            QrError::Alphabet { position } => self.qr_alphabet(position + 1),
            QrError::UnknownVersion | QrError::Version { .. } | QrError::Purpose { .. } | QrError::ReservedBits => self.qr_newer(),
            _ => self.qr_damaged(),
        }
    }
}

/// Declares messages, each in both languages.
macro_rules! messages {
    ($($name:ident($($arg:ident: $type:ty),*): $en:literal, $nl:literal;)+) => {
        impl $crate::common::lang::Lang {
            $(pub(crate) fn $name(self $(, $arg: $type)*) -> String {
                match self {
                    Self::En => format!($en),
                    Self::Nl => format!($nl),
                }
            })+
        }
    };
}
pub(crate) use messages;

messages! {
    unknown_option(option: &str): "There is no option {option}.", "De optie {option} bestaat niet.";
    missing_value(option: &str): "Something is missing after {option}.", "Na {option} ontbreekt iets.";
    unexpected_argument(text: &str): "What is '{text}' for? It is not expected here.", "Waar is '{text}' voor? Dat wordt hier niet verwacht.";
    unknown_lang(name: &str): "There is no language '{name}': choose en or nl.", "De taal '{name}' is er niet: kies en of nl.";

    yes(): "yes", "ja";
    no(): "no", "nee";
    fact_serial(): "Recorder", "Recorder";
    fact_purpose(): "Asked for", "Gevraagd";
    fact_origin(): "Shown", "Getoond";
    fact_mail(): "E-mail address on file", "E-mailadres bekend";

    nothing_typed(): "Nothing was typed.", "Er is niets ingetypt.";
    code_too_long(): "That is too long for a code: a code has 12 digits.", "Dat is te lang voor een code: een code heeft 12 cijfers.";
    code_alphabet(place: usize): "Character {place} cannot be in a code: a code has digits only.",
        "Teken {place} kan niet in een code staan: een code bestaat uit cijfers.";
    challenge_for_code(): "That is the serial number. Type the code that support gave you or that came by e-mail: 12 digits.",
        "Dat is het serienummer. Typ de code die u van de helpdesk of per e-mail hebt gekregen: 12 cijfers.";
    code_length(found: usize): "A code has 12 digits; here there are {found}.", "Een code heeft 12 cijfers; dit zijn er {found}.";
    no_challenge(): "No request is open here, so no code can work. Choose 'Forgot password' and ask for a new code.",
        "Er staat hier geen aanvraag open, dus geen enkele code werkt. Kies 'Wachtwoord vergeten' en vraag een nieuwe code aan.";
    check_digit(): "This is not a code for what is on the screen now: a typing error, or an older code. This cost no attempt.",
        "Dit is geen code voor wat er nu op het scherm staat: een typefout, of een oudere code. Dit kost geen poging.";
    reserved_k(): "No code begins with 0. This cost no attempt.", "Geen enkele code begint met 0. Dit kost geen poging.";
    method_refused(): "A dynamic password is accepted on the recorder's own screen only; here you need the secure code from the e-mail.",
        "Een dynamisch wachtwoord werkt alleen op het scherm van de recorder zelf; hier hebt u de beveiligingscode uit de e-mail nodig.";
    expired(): "This code was good for a limited time, and that time is over. Ask for one that is good for longer, or close this on the \
        recorder's own screen and choose 'Forgot password' there for a new serial number. This cost no attempt.",
        "Deze code was beperkt geldig en die tijd is voorbij. Vraag er een die langer geldig is, of sluit dit op het scherm van de recorder \
        zelf en kies daar 'Wachtwoord vergeten' voor een nieuw serienummer. Dit kost geen poging.";
    stopped(): "The web page accepts no more codes. Use the recorder's own screen, or let an administrator allow it again.",
        "De webpagina accepteert geen codes meer. Gebruik het scherm van de recorder zelf, of laat een beheerder haar weer toestaan.";
    waiting(time: &str): "Too many wrong codes. Try again in {time}, and leave this open meanwhile.",
        "Te vaak een foute code. Probeer het over {time} opnieuw en laat dit zolang openstaan.";
    too_soon(time: &str): "A new serial number can be made in {time}.", "Over {time} kan er een nieuw serienummer worden gemaakt.";
    busy(): "Somebody has another request open on the web page. Use the recorder's own screen, or wait until it has lapsed.",
        "Iemand heeft op de webpagina een andere aanvraag openstaan. Gebruik het scherm van de recorder zelf, of wacht tot het verlopen is.";
    stale(): "Another program is using this recorder's memory. Nothing was compared and nothing was counted.",
        "Een ander programma gebruikt het geheugen van deze recorder. Er is niets vergeleken en niets geteld.";
    store_failed(): "The memory did not keep what was written, so the code was not accepted. Please start again.",
        "Het geheugen heeft niet bewaard wat er is geschreven, dus de code is niet geaccepteerd. Begin opnieuw.";
    flash_failed(reason: &str): "The memory cannot be used: {reason}. Please start again.",
        "Het geheugen is niet bruikbaar: {reason}. Begin opnieuw.";
    rejected(): "This code is not right. The attempt was counted.", "Deze code is niet juist. De poging is geteld.";

    challenge_too_long(): "That is far too long for a serial number. Send only the serial number from the screen.",
        "Dat is veel te lang voor een serienummer. Stuur alleen het serienummer van het scherm.";
    challenge_alphabet(place: usize): "Character {place} cannot be in a serial number. Type ? for a character that cannot be read.",
        "Teken {place} kan niet in een serienummer staan. Typ ? voor een teken dat niet leesbaar is.";
    code_for_challenge(): "That is a code. What is needed here is the serial number on the recorder's screen.",
        "Dat is een code. Hier is het serienummer nodig dat op het scherm van de recorder staat.";
    challenge_length(found: usize): "A serial number on the screen has 21 to 40 letters and digits; here there are {found}. \
        The number on the label alone is not enough.",
        "Een serienummer op het scherm heeft 21 tot 40 letters en cijfers; dit zijn er {found}. Alleen het nummer op het etiket is niet genoeg.";
    challenge_check(): "Something in this serial number was mistyped.", "In dit serienummer zit een typefout.";
    newer_recorder(): "This serial number is of a newer kind than this program knows. Update the program.",
        "Dit serienummer is van een nieuwer soort dan dit programma kent. Werk het programma bij.";
    unreadable(found: usize): "{found} characters are unreadable; at most 4 can be filled in. Ask for the serial number again.",
        "{found} tekens zijn onleesbaar; er kunnen er hoogstens 4 worden ingevuld. Vraag het serienummer opnieuw.";
    ambiguous(): "Too many serial numbers are possible. Ask for it again, if you can as a photo.",
        "Er zijn te veel serienummers mogelijk. Vraag het opnieuw, liefst als foto.";
    qr_alphabet(place: usize): "Character {place} cannot be in the text of a reset QR code. Scan it again.",
        "Teken {place} kan niet in de tekst van een QR-code voor wachtwoordherstel staan. Scan de code opnieuw.";
    qr_newer(): "This is a QR code, but not one that this program knows: another kind, or of a newer recorder.",
        "Dit is een QR-code, maar niet een die dit programma kent: een ander soort, of van een nieuwere recorder.";
    qr_damaged(): "Something is missing from the text of this QR code, or is too much. Scan it again.",
        "In de tekst van deze QR-code ontbreekt iets, of er staat te veel. Scan de code opnieuw.";
}
