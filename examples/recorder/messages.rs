//! Every sentence of the recorder, in both languages.

use super::common::lang::messages;

messages! {
    help(): "A recorder to play with by hand: its files are in DIR, and a second terminal runs the support example.\n\n\
        usage: recorder --state DIR [options]\n\n  \
        --state DIR    where the recorder keeps its files; made at first use\n  \
        --web          the menu has the web page's 'forgot password' too\n  \
        --slow         pauses between storing an attempt and comparing it: kill -9 is a power cut\n  \
        --lang en|nl   language, English unless told otherwise\n  \
        --help         this text",
        "Een recorder om met de hand te bedienen: de bestanden staan in MAP, en in een tweede venster\ndraait het voorbeeld support.\n\n\
        gebruik: recorder --state MAP [opties]\n\n  \
        --state MAP    waar de recorder zijn bestanden bewaart; wordt zo nodig gemaakt\n  \
        --web          het menu heeft ook 'wachtwoord vergeten' van de webpagina\n  \
        --slow         wacht tussen het opslaan van een poging en het vergelijken: kill -9 is een stroomstoring\n  \
        --lang en|nl   taal, Engels tenzij anders gevraagd\n  \
        --help         deze tekst";
    no_state(): "Say where the recorder keeps its files: --state DIR", "Geef aan waar de recorder zijn bestanden bewaart: --state MAP";
    cannot_read(path: &str, error: &str): "{path} cannot be read: {error}", "{path} kan niet worden gelezen: {error}";
    bad_key(path: &str, why: &str): "{path} is not this recorder's ({why}). Start with a new directory.",
        "{path} is niet van deze recorder ({why}). Begin met een nieuwe map.";
    bad_serial(path: &str): "{path} is not a serial: 1 to 20 of A-Z and 0-9. Start with a new directory.",
        "{path} is geen serienummer: 1 tot 20 keer A-Z en 0-9. Begin met een nieuwe map.";
    bad_address_file(): "The e-mail address on file is not one, so it is not used. Choose 8 to enter it again.",
        "Het opgeslagen e-mailadres is geen e-mailadres en wordt niet gebruikt. Kies 8 om het opnieuw in te vullen.";

    name(serial: &str): "Recorder {serial}", "Recorder {serial}";
    factory_new(): "New from the factory: key, serial and memory were made just now.",
        "Nieuw uit de fabriek: sleutel, serienummer en geheugen zijn zojuist gemaakt.";
    started(): "Started. No request is open: a restart ends them all.", "Opgestart. Er staat geen aanvraag open: een herstart beëindigt ze allemaal.";
    memory_lost(): "The memory for wrong codes is damaged or erased. To be safe, the longest waiting time applies.",
        "Het geheugen voor foute codes is beschadigd of gewist. Voor de zekerheid geldt de langste wachttijd.";

    menu_password(): "Forgot password", "Wachtwoord vergeten";
    menu_pattern(): "Forgot pattern", "Patroon vergeten";
    menu_code(): "Type the code", "Code invoeren";
    menu_close(): "Close the screen (the serial number changes)", "Scherm sluiten (het serienummer verandert)";
    menu_keep(): "Close the screen, keep the serial number", "Scherm sluiten, serienummer bewaren";
    menu_login(): "Log in as administrator", "Inloggen als beheerder";
    menu_status(): "Status", "Status";
    menu_address(): "Change the e-mail address", "E-mailadres wijzigen";
    menu_web_password(): "Web page: forgot password", "Webpagina: wachtwoord vergeten";
    menu_web_code(): "Web page: type the code", "Webpagina: code invoeren";
    menu_allow(): "Administrator: allow the web page again", "Beheerder: de webpagina weer toestaan";
    menu_quit(): "Quit", "Stoppen";
    choice(): "Choice (m: menu):", "Keuze (m: menu):";
    no_such_choice(): "That is not in the menu. Type a number, or m to see the menu.", "Dat staat niet in het menu. Typ een nummer, of m voor het menu.";
    web_is_off(): "The web page is off: start with --web.", "De webpagina staat uit: start met --web.";

    your_serial(): "Your serial number", "Uw serienummer";
    ways_with_mail(masked: &str): "Scan the QR code with the app: a secure code is sent to {masked}. Or give support the serial number, and get a \
        dynamic password. Then choose 3. Do not close this screen before you have the code, or choose 5.",
        "Scan de QR-code met de app: de beveiligingscode gaat naar {masked}. Of geef de helpdesk het serienummer; u krijgt dan een \
        dynamisch wachtwoord. Kies daarna 3. Sluit dit scherm niet voordat u de code hebt, of kies 5.";
    ways_without_mail(): "No e-mail address is on file. Give support the serial number, and get a dynamic password. Then choose 3. Do not \
        close this screen before you have the code, or choose 5.",
        "Er is geen e-mailadres bekend. Geef de helpdesk het serienummer; u krijgt dan een dynamisch wachtwoord. Kies daarna 3. Sluit dit \
        scherm niet voordat u de code hebt, of kies 5.";
    web_way(masked: &str): "Scan the QR code with your telephone: a secure code is sent to {masked}. Then choose 10.",
        "Scan de QR-code met uw telefoon: de beveiligingscode gaat naar {masked}. Kies daarna 10.";
    web_no_way(): "No e-mail address is on file, so no code can be sent for the web page. Use the recorder's own screen.",
        "Er is geen e-mailadres bekend; voor de webpagina kan dus geen code worden verstuurd. Gebruik het scherm van de recorder zelf.";
    shown_for(time: &str): "This has been open for {time}. A code counts its time from then: ask for one that works longer.",
        "Dit staat al {time} open. De geldigheid van een code telt vanaf toen: vraag een code die langer werkt.";
    qr_text(): "Text of the QR code, for the second terminal:", "Tekst van de QR-code, voor het tweede venster:";
    qr_too_large(): "The QR code cannot be drawn.", "De QR-code kan niet worden getekend.";
    waits(time: &str): "Codes are accepted again in {time}.", "Over {time} worden er weer codes geaccepteerd.";

    ask_code(): "Code (12 digits):", "Code (12 cijfers):";
    attempt_stored(seconds: u64): "The attempt is stored; comparing in {seconds} seconds: now is the moment to pull the plug.",
        "De poging is opgeslagen; over {seconds} seconden wordt vergeleken: nu is het moment om de stekker eruit te trekken.";
    attempts(count: u8): "Wrong codes on record here: {count}.", "Foute codes op deze teller: {count}.";
    right(): "The code is right.", "De code klopt.";
    ask_password(): "New password (within 10 minutes; it is not kept here):", "Nieuw wachtwoord (binnen 10 minuten; het wordt hier niet bewaard):";
    ask_pattern(): "New pattern (within 10 minutes; it is not kept here):", "Nieuw patroon (binnen 10 minuten; het wordt hier niet bewaard):";
    nothing_set(): "Nothing was typed. Please type at least one character.", "Er is niets ingetypt. Typ ten minste één teken.";
    grant_lost(): "Nothing was set. Choose 'Forgot password' again.", "Er is niets ingesteld. Kies 'Wachtwoord vergeten' opnieuw.";
    grant_expired(): "The 10 minutes are over, and nothing was set. Choose 'Forgot password' again.",
        "De 10 minuten zijn voorbij en er is niets ingesteld. Kies 'Wachtwoord vergeten' opnieuw.";
    is_set(resets: u32): "Set. This recorder has now been reset {resets}x.", "Ingesteld. Deze recorder is nu {resets}x gereset.";

    closed(): "The screen is closed. The serial number is withdrawn.", "Het scherm is gesloten. Het serienummer is vervallen.";
    kept(): "The screen is closed. The serial number is kept: 'Forgot password' shows the same one.",
        "Het scherm is gesloten. Het serienummer is bewaard: 'Wachtwoord vergeten' toont hetzelfde.";
    logged_in(): "Logged in. (This example does not ask for the password.)", "Ingelogd. (Dit voorbeeld vraagt niet om het wachtwoord.)";
    may_guess(): "The next code at this screen is accepted without waiting.", "De volgende code op dit scherm wordt zonder wachttijd geaccepteerd.";
    log_in_first(): "The e-mail address changes only right after an administrator's login: choose 6 first.",
        "Het e-mailadres verandert alleen direct na het inloggen van een beheerder: kies eerst 6.";
    ask_password_again(): "Administrator's password, once more:", "Wachtwoord van de beheerder, nog een keer:";
    allowed_again(): "The web page accepts at least 20 more codes.", "De webpagina accepteert weer minstens 20 codes.";
    reset_notice(resets: u32): "This recorder has been reset {resets}x so far. Is that more than you know of? Then call support.",
        "Deze recorder is tot nu toe {resets}x gereset. Is dat vaker dan u weet? Bel dan de helpdesk.";
    address_is(masked: &str): "On file now: {masked}", "Nu bekend: {masked}";
    no_address(): "No e-mail address is on file.", "Er is geen e-mailadres bekend.";
    ask_address(): "New e-mail address (empty: none):", "Nieuw e-mailadres (leeg: geen):";
    bad_address(): "That is not an e-mail address. Nothing was changed.", "Dat is geen e-mailadres. Er is niets gewijzigd.";
    address_changed(): "Changed. Requests that were open have ended.", "Gewijzigd. Aanvragen die openstonden zijn vervallen.";
    not_saved(error: &str): "This could not be saved: {error}", "Dit kon niet worden bewaard: {error}";

    status_address(): "E-mail address", "E-mailadres";
    status_none(): "none", "geen";
    status_uptime(): "On for", "Staat aan";
    status_resets(): "Resets so far", "Aantal resets";
    status_local(): "Wrong codes, screen", "Foute codes, scherm";
    status_network(): "Wrong codes, web page", "Foute codes, webpagina";
    status_open(count: u8): "{count}; codes are accepted", "{count}; codes worden geaccepteerd";
    status_waiting(count: u8, time: &str): "{count}; codes are accepted again in {time}", "{count}; over {time} worden er weer codes geaccepteerd";
    status_stopped(count: u8): "{count}; no more codes are accepted", "{count}; er worden geen codes meer geaccepteerd";
    goodbye(): "Switched off.", "Uitgeschakeld.";
}
