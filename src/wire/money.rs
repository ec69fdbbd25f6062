//! Money: decimal text to minor units, by the currency's ISO 4217 exponent, without floats.
//!
//! `12.5` in EUR is 1250, in JPY 13, in KWD 12500. A browser writes a computed price as
//! `29.990000000000002`, so digits beyond the exponent are rounded, half away from zero, rather than
//! refused. Whatever is no amount (or does not fit) is `None`: never zero.

/// Currencies whose minor unit is not a hundredth (ISO 4217, list one).
const EXPONENTS: [(u32, &str); 3] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];

/// Digits after the decimal point of a currency, or `None` if this is no three-letter code.
pub fn exponent(currency: &str) -> Option<u32> {
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let listed = |codes: &str| codes.split(' ').any(|code| code.eq_ignore_ascii_case(currency));
    Some(EXPONENTS.iter().find(|(_, codes)| listed(codes)).map_or(2, |(digits, _)| *digits))
}

/// `value` (a JSON number's or a decimal string's text) in minor units of `currency`.
pub fn minor_units(value: &str, currency: &str) -> Option<i64> {
    let digits_kept = i64::from(exponent(currency)?);
    let (negative, amount) = match value.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, value),
    };
    let (mantissa, power) = match amount.split_once(['e', 'E']) {
        Some((mantissa, power)) => (mantissa, power.parse::<i32>().ok()?),
        None => (amount, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || !plain(whole) || !plain(fraction) {
        return None;
    }
    // How many of the digits, read as one row, stand before the minor unit's point.
    let keep = whole.len() as i64 + i64::from(power) + digits_kept;
    let mut minor: i64 = 0;
    let mut row = whole.bytes().chain(fraction.bytes()).map(|byte| i64::from(byte - b'0'));
    let mut place = 0;
    while place < keep {
        let digit = match row.next() {
            Some(digit) => digit,
            // Only zeros follow: a zero stays zero however many.
            None if minor == 0 => break,
            None => 0,
        };
        minor = minor.checked_mul(10)?.checked_add(digit)?;
        place += 1;
    }
    let next = if keep < 0 { 0 } else { row.next().unwrap_or(0) };
    if next >= 5 {
        minor = minor.checked_add(1)?;
    }
    Some(if negative { -minor } else { minor })
}

#[cfg(test)]
mod tests {
    use super::{exponent, minor_units};

    #[test]
    fn amounts_become_minor_units_of_their_currency() {
        for (value, currency, minor) in [
            ("12.5", "EUR", Some(1250)),
            ("12.5", "JPY", Some(13)),
            ("12.5", "kwd", Some(12_500)),
            ("0", "USD", Some(0)),
            (".5", "USD", Some(50)),
            ("5.", "USD", Some(500)),
            ("29.990000000000002", "USD", Some(2999)),
            ("0.005", "USD", Some(1)),
            ("0.0049", "USD", Some(0)),
            ("-0.005", "USD", Some(-1)),
            ("-12.34", "USD", Some(-1234)),
            ("1e2", "USD", Some(10_000)),
            ("1.5E+1", "USD", Some(1500)),
            ("15e-1", "USD", Some(150)),
            ("5e-3", "USD", Some(1)),
            ("5e-4", "USD", Some(0)),
            ("0e2000000000", "USD", Some(0)),
            ("1e-2000000000", "USD", Some(0)),
            ("92233720368547758.07", "USD", Some(i64::MAX)),
            ("92233720368547758.08", "USD", None),
            ("1e400", "USD", None),
            ("", "USD", None),
            ("-", "USD", None),
            (".", "USD", None),
            ("1.2.3", "USD", None),
            ("1,5", "USD", None),
            ("NaN", "USD", None),
            ("12", "", None),
            ("12", "EURO", None),
            ("12", "E1R", None),
        ] {
            assert_eq!(minor_units(value, currency), minor, "{value} {currency}");
        }
    }

    #[test]
    fn the_exponent_is_two_unless_listed() {
        assert_eq!(
            [exponent("USD"), exponent("ISK"), exponent("TND"), exponent("CLF"), exponent("€")],
            [Some(2), Some(0), Some(3), Some(4), None]
        );
    }
}
