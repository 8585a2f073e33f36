//! Every sentence of the play, in both languages.

use super::common::lang::messages;

messages! {
    help(): "Plays the four ways back into a recorder whose password is lost, and what goes wrong with them.\n\n\
        usage: reset [--lang en|nl]\n\n  \
        --lang en|nl   language, English unless told otherwise\n  \
        --help         this text",
        "Speelt de vier manieren waarop u weer in een recorder komt als het wachtwoord kwijt is, en wat\ndaarbij mis kan gaan.\n\n\
        gebruik: reset [--lang en|nl]\n\n  \
        --lang en|nl   taal, Engels tenzij anders gevraagd\n  \
        --help         deze tekst";
    not_as_told(step: &str): "This did not go as told: {step}", "Dit ging niet zoals verteld: {step}";

    title(): "Forgotten password: four ways back in", "Wachtwoord vergeten: vier manieren om weer binnen te komen";
    introduction(): "A recorder without internet, its owner, and the maker's support desk. Keys are made afresh for this run; \
        time is simulated; every step is checked while it is told.",
        "Een recorder zonder internet, de eigenaar, en de helpdesk van de fabrikant. De sleutels worden voor deze keer nieuw gemaakt; \
        de tijd is nagebootst; elke stap wordt gecontroleerd terwijl hij wordt verteld.";
    done_title(): "Done", "Klaar";
    done(): "Four ways back in and nine mishaps, all as told.", "Vier manieren om binnen te komen en negen tegenvallers, alles zoals verteld.";

    recorder(): "Recorder", "Recorder";
    owner(): "Owner", "Eigenaar";
    support(): "Support", "Helpdesk";
    app(): "App", "App";
    phone(): "Phone", "Telefoon";
    mail(): "E-mail", "E-mail";
    web(): "Web page", "Webpagina";
    somebody(): "Somebody", "Iemand";
    cost(): "Cost", "Kosten";
    later(time: &str): "... {time} later ...", "... {time} later ...";
    fact_address(): "Address in the QR code", "Adres in de QR-code";

    by_phone(): "1. By telephone, with the support desk", "1. Per telefoon, met de helpdesk";
    shows_serial(): "Forgot password. No e-mail address is on file. Give support this serial number, or a photo:",
        "Wachtwoord vergeten. Er is geen e-mailadres bekend. Geef de helpdesk dit serienummer, of een foto:";
    reads_label(label: &str): "reads out {label}, as on the label, and then:", "leest {label} voor, zoals op het etiket, en dan:";
    types_what_is_heard(heard: &str): "types '{heard}' and sees:", "typt '{heard}' en ziet:";
    gives_dynamic_password(code: &str, time: &str): "The dynamic password is {code}. It works for {time} from the moment the serial number appeared.",
        "Het dynamisch wachtwoord is {code}. Het werkt tot {time} nadat het serienummer verscheen.";
    types(code: &str): "types {code}", "typt {code}";
    granted(the_method: &str, what: &str, resets: u32): "{the_method} is right. Now choose {what}. Resets so far:\u{a0}{resets}.",
        "{the_method} klopt. Kies nu {what}. Aantal resets tot nu toe:\u{a0}{resets}.";

    by_app(): "2. With the app, and a code by e-mail", "2. Met de app, en een code per e-mail";
    forgot_pattern(masked: &str): "Forgot pattern. Scan this with the app; a secure code goes to {masked}.",
        "Patroon vergeten. Scan dit met de app; de beveiligingscode gaat naar {masked}.";
    app_scans(): "scans, and the maker's service sees:", "scant, en de dienst van de fabrikant ziet:";
    mails(address: &str, code: &str, time: &str): "to {address}: Password Reset Secure Code {code}. It works for {time} from the moment the QR code appeared.",
        "aan {address}: uw beveiligingscode is {code}. De code werkt tot {time} nadat de QR-code verscheen.";

    by_web_page(): "3. On the recorder's web page", "3. Op de webpagina van de recorder";
    web_page_shows(masked: &str): "(web page) Forgot password. Scan this with any telephone; a secure code goes to {masked}.",
        "(webpagina) Wachtwoord vergeten. Scan dit met een telefoon; de beveiligingscode gaat naar {masked}.";
    camera_opens(): "the camera opens the maker's page; the owner presses 'Send the code', and the page sees:",
        "de camera opent de pagina van de fabrikant; de eigenaar kiest 'Code versturen', en de pagina ziet:";

    by_mail_alone(): "4. With the e-mail alone, the next morning", "4. Alleen met de e-mail, de volgende ochtend";
    evening(): "(evening) Forgot password. The QR code is scanned, and the e-mail is sent:",
        "(avond) Wachtwoord vergeten. De QR-code wordt gescand en de e-mail verstuurd:";
    closes_and_keeps(): "closes the screen with 'keep the serial number'", "sluit het scherm met 'serienummer bewaren'";
    still_there(): "(morning) Forgot password. The serial number is still the same. Click the secure code in:",
        "(ochtend) Wachtwoord vergeten. Het serienummer is nog hetzelfde. Klik de beveiligingscode in:";
    clicks(digits: &str): "reads the e-mail and clicks with the mouse: {digits}", "leest de e-mail en klikt met de muis: {digits}";

    mishaps_title(): "What goes wrong, and what it costs", "Wat er misgaat, en wat het kost";
    mishaps_introduction(): "The recorder counts wrong codes: after every fifth it waits, first 1 minute, in the end 256. \
        The screen and the web page each have their own count. 'Cost' is what it did to the screen's.",
        "De recorder telt foute codes: na elke vijfde volgt een wachttijd, eerst 1 minuut, uiteindelijk 256. \
        Het scherm en de webpagina hebben elk een eigen teller. 'Kosten' is wat er op die van het scherm bij komt.";
    costs_nothing(before: u8, after: u8): "nothing (wrong codes on record: {before} before, {after} after)", "niets (foute codes op de teller: eerst {before}, nu {after})";
    costs_one(before: u8, after: u8): "one attempt (wrong codes on record: {before} before, {after} after)",
        "één poging (foute codes op de teller: eerst {before}, nu {after})";

    typo(): "A typing error", "Een typefout";
    gave(code: &str): "gave {code}", "gaf {code}";
    wrong_code(): "A wrong code", "Een foute code";
    guesses(code: &str): "guesses {code}; the last digit is a check digit, and fits",
        "gokt {code}; het laatste cijfer is een controlecijfer, en klopt";
    expired_title(): "A code that came too late", "Een code die te laat komt";
    used_again(): "A code used twice", "Een code die twee keer wordt gebruikt";
    types_again(code: &str): "types {code} once more", "typt {code} nog een keer";
    types_at_the_next(code: &str): "opens 'Forgot password' again, and types the old {code} there",
        "opent 'Wachtwoord vergeten' opnieuw en typt daar de oude {code}";
    power_cut_title(): "A power cut at the worst moment", "Een stroomstoring op het slechtste moment";
    power_goes(): "The attempt is stored, and before the code is compared the power goes. The recorder starts again.",
        "De poging is opgeslagen, en nog voor de code is vergeleken valt de stroom uit. De recorder start opnieuw.";
    new_serial(text: &str): "Forgot password. The serial number is a new one: {text}", "Wachtwoord vergeten. Het serienummer is nieuw: {text}";
    closed(): "A screen that was closed", "Een scherm dat is gesloten";
    closes(): "closes the screen", "sluit het scherm";
    changed(text: &str): "{text} (another one: a code for the first no longer works)",
        "{text} (een ander: een code voor het eerste werkt niet meer)";
    stayed(text: &str): "{text} (the same)", "{text} (hetzelfde)";
    web_page(): "A stranger on the network", "Een vreemde op het netwerk";
    five_on_the_web_page(): "sends the web page five wrong codes, and a sixth", "stuurt de webpagina vijf foute codes, en een zesde";
    goes_on(days: u64, count: u8): "goes on for {days} days, through every wait, until {count} codes were wrong",
        "gaat {days} dagen door, langs elke wachttijd, tot er {count} codes fout waren";
    at_the_screen(code: &str): "goes to the recorder's own screen, where no code was wrong, and types {code}",
        "loopt naar het scherm van de recorder zelf, waar niemand een foute code typte, en typt {code}";
    web_page_open_again(): "The reset at the recorder's own screen has cleared the web page's count too.",
        "De reset op het scherm van de recorder zelf heeft ook de teller van de webpagina op nul gezet.";
    mistyped(): "A serial number that was mistyped", "Een verkeerd overgetypt serienummer";
    sends(text: &str): "sends {text}", "stuurt {text}";
    proposes(): "Something was mistyped. It could be:", "Er zit een typefout in. Het kan zijn:";
    confirms(number: u32): "compares with the screen: number {number} is the one", "vergelijkt met het scherm: nummer {number} is het";
    forged(): "A serial number that no recorder made", "Een serienummer dat geen recorder heeft gemaakt";
    not_genuine(): "No recorder made this serial number. There is no code for it.", "Geen enkele recorder heeft dit serienummer gemaakt. Er komt geen code.";
}
