//! Text for people: what came from outside made harmless, times and durations made readable.

use std::time::{SystemTime, UNIX_EPOCH};

use super::ingest::Millis;
use crate::wire::money;

/// The text without anything that could move a cursor, change a colour, break a line or reorder letters.
pub fn printable(text: &str) -> String {
    let harmless = |letter: char| match letter {
        letter if letter.is_control() => '\u{fffd}',
        '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {
            '\u{fffd}'
        }
        letter => letter,
    };
    text.chars().map(harmless).collect()
}

/// At most `most` characters of it, printable; the cut shows.
pub fn short(text: &str, most: usize) -> String {
    let text = printable(text);
    if text.chars().count() <= most {
        return text;
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// The text inside HTML, in content or a quoted attribute.
pub fn html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in printable(text).chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}

/// A URL without query and fragment, which may say more than a log should.
pub fn path_only(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

pub fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// `2026-11-22 16:40:07`, in UTC.
pub fn utc(at: Millis) -> String {
    let (days, second) = (at / 86_400_000, at / 1000 % 86_400);
    let (year, month, day) = date(days);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{:02}", second % 60)
}

/// The Gregorian date of a day since 1970 (Howard Hinnant's `civil_from_days`).
fn date(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

/// `850 ms`, `12.3 s`, `4 min 05 s`, `2 h 07 min`.
pub fn duration(ms: u64) -> String {
    match ms {
        0..1000 => format!("{ms} ms"),
        1000..60_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        60_000..3_600_000 => format!("{} min {:02} s", ms / 60_000, ms / 1000 % 60),
        _ => format!("{} h {:02} min", ms / 3_600_000, ms / 60_000 % 60),
    }
}

/// `1234.50 EUR`: minor units of the currency.
pub fn money(minor: i64, currency: &str) -> String {
    let places = money::exponent(currency).unwrap_or(0) as usize;
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    let sign = if minor < 0 { "-" } else { "" };
    let point = if places > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{part} {}", short(currency, 3))
}

/// `1 session`, `2 sessions`.
pub fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// `412 B`, `1.3 kB`.
pub fn bytes(count: usize) -> String {
    match count {
        0..1000 => format!("{count} B"),
        _ => format!("{}.{} kB", count / 1000, count % 1000 / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::{duration, html, money, path_only, printable, short, utc};

    #[test]
    fn times_read_as_a_calendar() {
        assert_eq!(utc(0), "1970-01-01 00:00:00");
        assert_eq!(utc(951_782_399_999), "2000-02-28 23:59:59");
        assert_eq!(utc(951_782_400_000), "2000-02-29 00:00:00");
        assert_eq!(utc(1_795_365_607_000), "2026-11-22 16:40:07");
    }

    #[test]
    fn money_has_the_places_of_its_currency() {
        let told = [(7990, "EUR"), (5, "EUR"), (-12_345, "USD"), (13, "JPY"), (12_500, "KWD"), (0, "EUR")]
            .map(|(minor, currency)| money(minor, currency));
        assert_eq!(told, ["79.90 EUR", "0.05 EUR", "-123.45 USD", "13 JPY", "12.500 KWD", "0.00 EUR"]);
    }

    #[test]
    fn durations_read_as_spoken() {
        let spoken = [0, 999, 12_345, 245_000, 7_620_000].map(duration);
        assert_eq!(spoken, ["0 ms", "999 ms", "12.3 s", "4 min 05 s", "2 h 07 min"]);
    }

    #[test]
    fn hostile_text_is_inert() {
        assert_eq!(printable("a\r\n\u{1b}[31mb\u{202e}c"), "a\u{fffd}\u{fffd}\u{fffd}[31mb\u{fffd}c");
        assert_eq!(html("<img src=x onerror='a&b'>\""), "&lt;img src=x onerror=&#39;a&amp;b&#39;&gt;&quot;");
        assert_eq!(short("abcdef", 4), "abc…");
        assert_eq!(path_only("https://a.test/b?email=c#d"), "https://a.test/b");
    }
}
