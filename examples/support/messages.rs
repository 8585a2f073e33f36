//! Every sentence of the desk, in both languages.

use super::common::lang::messages;

messages! {
    help(): "The support desk: reads what a person sent, and gives the code for it.\n\n\
        usage: support --state DIR [options] 'serial number, or the text of a QR code'\n\n  \
        --state DIR    the directory of the recorder example; the desk uses DIR/vendor\n  \
        --valid TIME   how long the code works: 10m, 1h, 8h, 24h (usual) or 72h\n  \
        --pick N       a mistyped serial number: the person has confirmed proposal N\n  \
        --lang en|nl   language, English unless told otherwise\n  \
        --help         this text\n\n\
        Without a text it is read from standard input.",
        "De helpdesk: leest wat iemand heeft gestuurd en geeft er de code bij.\n\n\
        gebruik: support --state MAP [opties] 'serienummer, of de tekst van een QR-code'\n\n  \
        --state MAP    de map van het voorbeeld recorder; de helpdesk gebruikt MAP/vendor\n  \
        --valid TIJD   hoe lang de code werkt: 10m, 1h, 8h, 24h (gewoonlijk) of 72h\n  \
        --pick N       een verkeerd getypt serienummer: de persoon heeft voorstel N bevestigd\n  \
        --lang en|nl   taal, Engels tenzij anders gevraagd\n  \
        --help         deze tekst\n\n\
        Zonder tekst wordt hij van de standaardinvoer gelezen.";
    not_a_number(text: &str): "'{text}' is not the number of a proposal.", "'{text}' is geen nummer van een voorstel.";
    unknown_time(text: &str): "A code cannot work for '{text}': choose 10m, 1h, 8h, 24h or 72h.",
        "Een code kan niet '{text}' werken: kies 10m, 1h, 8h, 24h of 72h.";
    no_state(): "Say where the recorder keeps its files: --state DIR", "Geef aan waar de recorder zijn bestanden bewaart: --state MAP";
    no_root(path: &str, error: &str): "The desk's key {path} cannot be read: {error}. Start the recorder example once with the same --state.",
        "De sleutel van de helpdesk, {path}, kan niet worden gelezen: {error}. Start het voorbeeld recorder een keer met dezelfde --state.";
    bad_root(path: &str, why: &str): "{path} is not this desk's root key: {why}.", "{path} is niet de hoofdsleutel van deze helpdesk: {why}.";
    bad_answers(path: &str, error: &str): "The log of answers {path} cannot be used ({error}), so nothing is answered.",
        "Het logboek van antwoorden, {path}, is niet bruikbaar ({error}); daarom komt er geen antwoord.";
    other_root(epoch: u8): "This recorder's key comes from root {epoch}, which this desk does not have.",
        "De sleutel van deze recorder komt van hoofdsleutel {epoch}, die deze helpdesk niet heeft.";

    request(): "What the recorder asks", "Wat de recorder vraagt";
    fact_address(): "Address in the QR code", "Adres in de QR-code";
    could_be(): "It could be one of these; a ^ stands under each change.", "Het kan een van deze zijn; onder elke wijziging staat een ^.";
    read_back(): "Read it back to the person, group by group. If it is what the screen says, give the same command with --pick and its \
        number. If none is, ask for the serial number again.",
        "Lees het groep voor groep terug. Staat het zo op het scherm, geef dan dezelfde opdracht met --pick en het nummer. \
        Is geen enkel voorstel goed, vraag het serienummer dan opnieuw.";
    confirmed(number: usize): "Number {number} was confirmed.", "Nummer {number} is bevestigd.";
    no_such_number(number: usize): "There is no proposal {number}.", "Er is geen voorstel {number}.";
    ask_again(): "No serial number is near enough to propose. Ask for it again, if you can as a photo.",
        "Er is geen serienummer dat er genoeg op lijkt. Vraag het opnieuw, liefst als foto.";
    not_genuine(): "No recorder of ours made this serial number, so there is no code for it. Ask for a photo of the screen.",
        "Geen van onze recorders heeft dit serienummer gemaakt; er is dus geen code voor. Vraag om een foto van het scherm.";
    qr_not_genuine(): "No recorder of ours made this QR code, so there is no code for it.",
        "Geen van onze recorders heeft deze QR-code gemaakt; er is dus geen code voor.";
    no_address_inside(): "What this recorder has on file is not an e-mail address, so nothing can be sent. Ask for the serial number on its screen.",
        "Wat bij deze recorder is ingevuld is geen e-mailadres; er kan dus niets worden verstuurd. Vraag het serienummer op het scherm.";
    none_on_file(): "No e-mail address is on file, so no code can be sent, and none may be given instead. At the recorder's own \
        screen there is a serial number: ask for that.",
        "Er is geen e-mailadres bekend; er kan dus geen code worden verstuurd, en een ander adres mag niet. Op het scherm van de \
        recorder zelf staat een serienummer: vraag daarnaar.";
    no_72_hours(): "A code sent by e-mail works for 24 hours at most: choose --valid 24h.", "Een code per e-mail werkt hoogstens 24 uur: kies --valid 24h.";
    before_answering(): "Before you give the code", "Voordat u de code geeft";
    address_on_file(): "! This recorder has an e-mail address on file. Ask the person to scan the QR code with the app instead: the code \
        then goes to that address. Give a dynamic password only if the person cannot read that mail, and note why.",
        "! Bij deze recorder is een e-mailadres bekend. Laat de persoon liever de QR-code met de app scannen: dan gaat de code naar dat \
        adres. Geef alleen een dynamisch wachtwoord als de persoon die e-mail niet kan lezen, en noteer waarom.";
    web_page_takes_none(): "! This request is on the web page, where most recorders accept no dynamic password.",
        "! Deze aanvraag staat op de webpagina, waar de meeste recorders geen dynamisch wachtwoord accepteren.";
    ask_for_ownership(): "Does this person own the recorder? Ask, and note what you were shown. No code can tell.",
        "Is deze persoon de eigenaar van de recorder? Vraag het, en noteer wat u is getoond. Aan de code is dat niet te zien.";
    dynamic_password(): "Dynamic password", "Dynamisch wachtwoord";
    works_for_serial(time: &str): "It works for {time} from the moment this serial number came on the screen, and once. The screen must stay on, or \
        be closed with 'keep'.",
        "Het werkt tot {time} nadat dit serienummer op het scherm verscheen, en één keer. Het scherm moet open blijven, of worden gesloten \
        met 'bewaren'.";
    given_before(): "This code was given before: it is the same one. Has it expired? Then choose a longer --valid, or ask for a new serial \
        number or QR code.",
        "Deze code is al eerder gegeven: het is dezelfde. Is hij verlopen? Kies dan een langere --valid, of vraag om een nieuw serienummer \
        of een nieuwe QR-code.";
    two_answers_given(): "Two different codes were given for this request already; a third is not. Ask for a new serial number or QR code.",
        "Voor deze aanvraag zijn al twee verschillende codes gegeven; een derde komt er niet. Vraag om een nieuw serienummer of een nieuwe QR-code.";
    mail_sent(): "This e-mail would be sent now", "Deze e-mail zou nu worden verstuurd";
    to(): "To", "Aan";
    subject(): "Subject", "Over";
    mail_subject(): "Password Reset Secure Code", "Beveiligingscode voor wachtwoordherstel";
    works_for_qr(time: &str): "It works for {time} from the moment this QR code came on the screen, and once.",
        "De code werkt tot {time} nadat deze QR-code op het scherm verscheen, en één keer.";
}
