//! A batch v1 as the encoders read it. Values are JSON as it was written, quotes included; what is missing is empty.

use alloc::string::String;

use super::super::json::parse_number;
use super::super::read::{Values, bare, get, values};
use super::super::text::{Put, cut, find, part};

#[derive(Debug)]
pub struct Visit<'a> {
    pub batch: &'a str,
    pub site: &'a str,
    pub load: &'a str,
    pub sent: u64,
    start: u64,
    pub language: &'a str,
    pub device: &'a str,
    /// Why it is taken for a robot.
    pub bot: &'a str,
    pub visitor: &'a str,
    pub customer: &'a str,
    pub audience: &'a str,
    pub stage: &'a str,
    pub sessions: &'a str,
    pub session: &'a str,
    pub started: u64,
    entry: &'a str,
    /// The session object, for its channel, source, medium and campaign.
    touch: &'a str,
    events: &'a str,
}

#[derive(Debug)]
pub struct Event<'a> {
    pub seq: u64,
    /// Wall milliseconds, by the page's clock.
    pub at: u64,
    /// Quotes included.
    pub name: &'a str,
    pub view: u64,
    pub url: &'a str,
    pub title: &'a str,
    pub referrer: &'a str,
    /// An object, or empty.
    pub props: &'a str,
}

/// What the formats tell apart. Everything else is an event of the site's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    PageView,
    Purchase,
    Identify,
    Engagement,
    Custom,
}

impl<'a> Visit<'a> {
    pub fn parse(batch: &'a str) -> Visit<'a> {
        let (visitor, session) = (get(batch, "visitor"), get(batch, "session"));
        Visit {
            batch: get(batch, "batch"),
            site: get(batch, "site"),
            load: bare(get(batch, "load")),
            sent: parse_number(get(batch, "sent")),
            start: parse_number(get(batch, "start")),
            language: get(batch, "language"),
            device: get(batch, "device"),
            bot: get(batch, "bot"),
            visitor: get(visitor, "id"),
            customer: get(visitor, "customer"),
            audience: get(visitor, "audience"),
            stage: get(visitor, "stage"),
            sessions: get(visitor, "sessions"),
            session: get(session, "id"),
            started: parse_number(get(session, "started")),
            entry: get(session, "entry"),
            touch: session,
            events: get(batch, "events"),
        }
    }

    pub fn events(&self) -> impl Iterator<Item = Event<'a>> {
        let (start, entry) = (self.start, self.entry);
        let mut pages = Pages { events: values(self.events), url: entry, title: "", view: 0 };
        values(self.events).map(move |(_, event)| {
            let (page, view) = (get(event, "page"), parse_number(get(event, "view")));
            pages.turn(view);
            let url = get(page, "url");
            Event {
                seq: parse_number(get(event, "seq")),
                at: start + parse_number(get(event, "t")),
                name: get(event, "name"),
                view,
                url: if url.is_empty() { pages.url } else { url },
                title: if url.is_empty() { pages.title } else { get(page, "title") },
                referrer: get(page, "referrer"),
                props: get(event, "props"),
            }
        })
    }

    /// Who: the customer once there is one, else the visitor.
    pub fn person(&self) -> &'a str {
        if self.customer.is_empty() { self.visitor } else { self.customer }
    }

    /// channel, source, medium or campaign.
    pub fn touch(&self, name: &str) -> &'a str {
        get(self.touch, name)
    }

    /// An event's id as a UUID: its load with `seq` in the last 32 bits. Two events of a load differ in these,
    /// and two loads in the ninety before.
    pub fn uuid(&self, seq: u64) -> String {
        let low = parse_hex(part(self.load, 24, 32)) ^ (seq as u32);
        let mut hex = String::from(part(self.load, 0, 24));
        put_hex(&mut hex, low);
        uuid(&hex, b'8')
    }

    /// The session as a UUID whose first 48 bits are its beginning, as version 7 wants it.
    pub fn session_uuid(&self) -> String {
        let mut hex = String::new();
        put_hex(&mut hex, (self.started >> 16) as u32);
        put_hex(&mut hex, ((self.started as u32) << 16) | 0x0FFF);
        let mut text = String::from(part(&hex, 0, 12));
        text.put(part(bare(self.session), 0, 20));
        uuid(&text, b'7')
    }

    /// A page view of this load as a UUID; page views are no events, so these take the upper half of the numbers.
    pub fn view_uuid(&self, view: u64) -> String {
        self.uuid(view | 0x8000_0000)
    }
}

/// On which page something happened: what the event says, or the page view before it in this batch, or the
/// session's entry.
struct Pages<'a> {
    events: Values<'a>,
    url: &'a str,
    title: &'a str,
    view: u64,
}

impl Pages<'_> {
    fn turn(&mut self, view: u64) {
        if self.view == view {
            return;
        }
        let opens = |event: &(&str, &str)| {
            bare(get(event.1, "name")) == "page_view" && parse_number(get(event.1, "view")) == view
        };
        if let Some((_, event)) = self.events.clone().find(opens) {
            let page = get(event, "page");
            (self.url, self.title, self.view) = (get(page, "url"), get(page, "title"), view);
        }
    }
}

impl<'a> Event<'a> {
    pub fn kind(&self) -> Kind {
        match bare(self.name) {
            "page_view" => Kind::PageView,
            "purchase" => Kind::Purchase,
            "identify" => Kind::Identify,
            "engagement" => Kind::Engagement,
            _ => Kind::Custom,
        }
    }

    pub fn prop(&self, name: &str) -> &'a str {
        get(self.props, name)
    }

    /// The purchase's items, one object each.
    pub fn items(&self) -> impl Iterator<Item = &'a str> {
        values(self.prop("items")).map(|(_, item)| item)
    }

    /// Host, path and query of its page.
    pub fn address(&self) -> (&'a str, &'a str, &'a str) {
        let url = bare(self.url);
        let rest = find(url, "://").map_or(url, |at| part(url, at + 3, url.len()));
        let (place, query) = cut(cut(rest, b'#').0, b'?');
        let host = cut(place, b'/').0;
        let path = part(place, host.len(), place.len());
        (host, if path.is_empty() { "/" } else { path }, query)
    }
}

/// 32 hexadecimal digits as a UUID of this version, in the variant of RFC 9562. Anything else as it is.
pub fn uuid(hex: &str, version: u8) -> String {
    let mut out = String::new();
    for (at, byte) in hex.bytes().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            out.put_byte(b'-');
        }
        out.put_byte(match at {
            12 => version,
            16 => match byte {
                b'0' | b'4' | b'8' | b'c' => b'8',
                b'1' | b'5' | b'9' | b'd' => b'9',
                b'2' | b'6' | b'a' | b'e' => b'a',
                _ => b'b',
            },
            _ => byte,
        });
    }
    out
}

fn parse_hex(text: &str) -> u32 {
    u32::from_str_radix(text, 16).unwrap_or(0)
}

fn put_hex(out: &mut String, word: u32) {
    for nibble in 0..8 {
        let digit = ((word >> (28 - 4 * nibble)) & 15) as u8;
        out.put_byte(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 });
    }
}

/// Wall milliseconds as `2026-11-22T17:00:00.000Z`.
pub fn iso(ms: u64) -> String {
    let (days, in_day) = (ms / 86_400_000, ms % 86_400_000);
    // Days since 0000-03-01, in eras of 400 years: months then begin with March and a leap day ends the year.
    let z = days + 719_468;
    let (era, day_of_era) = (z / 146_097, z % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let mut out = String::new();
    let parts = [
        (4, year, b'-'),
        (2, month, b'-'),
        (2, day, b'T'),
        (2, in_day / 3_600_000, b':'),
        (2, in_day / 60_000 % 60, b':'),
        (2, in_day / 1000 % 60, b'.'),
        (3, in_day % 1000, b'Z'),
    ];
    for (width, number, after) in parts {
        let mut digits = 1;
        let mut power = 10;
        while number >= power {
            (digits, power) = (digits + 1, power * 10);
        }
        for _ in digits..width {
            out.put_byte(b'0');
        }
        super::super::json::number(&mut out, number);
        out.put_byte(after);
    }
    out
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;

    use super::{Visit, iso, uuid};

    #[test]
    fn times_are_written_as_iso_8601() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_001, "2000-02-29T00:00:00.001Z"),
            (1_795_365_600_000, "2026-11-22T16:40:00.000Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(iso(ms), text);
        }
    }

    #[test]
    fn ids_are_uuids_and_no_two_are_the_same() {
        let session = r#"{"started":1795365600000,"id":"ffffffffffffffffffffffffffffffff"}"#;
        let batch = r#"{"load":"0123456789abcdef0123456789abcdef","session":"#.to_owned() + session + "}";
        let visit = Visit::parse(&batch);
        assert_eq!(visit.uuid(1), "01234567-89ab-8def-8123-456789abcdee");
        assert_eq!(visit.session_uuid(), "01a20420-fb00-7fff-bfff-ffffffffffff");
        assert_ne!(visit.uuid(1), visit.view_uuid(1));
        assert_eq!(uuid("abc", b'8'), "abc");
    }
}
