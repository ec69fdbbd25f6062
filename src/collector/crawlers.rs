//! Crawlers: what runs scripts, and so sends beacons, but is no person's browser, told by its User-Agent.
//!
//! In the collector, so that no page pays for the list; it grows with an update of the collector alone. The header is
//! looked at when a batch comes, and kept nowhere.

use super::ingest::Batch;

const WORDS: &str = include_str!("crawlers.txt");

/// What a crawler's session is called.
const CRAWLER: &str = "crawler";

/// Tells so, unless the page knew better. That nobody has seen it yet is true of crawlers too.
pub fn mark(batch: &mut Batch, user_agent: Option<&str>) {
    if matches!(batch.bot.as_deref(), None | Some("never_visible")) && user_agent.is_some_and(is_crawler) {
        batch.bot = Some(CRAWLER.to_owned());
    }
}

/// Only of what calls itself a browser: another program that sends here does so for the site.
fn is_crawler(user_agent: &str) -> bool {
    let agent = user_agent.to_ascii_lowercase();
    let mut words = WORDS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    agent.starts_with("mozilla/") && (words.any(|word| agent.contains(word)) || is_bot(&agent))
}

/// A word that ends in `bot`; but CUBOT makes phones.
fn is_bot(agent: &str) -> bool {
    let ends = |at: usize| !agent[at..].starts_with(|next: char| next.is_ascii_lowercase());
    agent.match_indices("bot").any(|(at, bot)| ends(at + bot.len()) && !agent[..at].ends_with("cu"))
}

#[cfg(test)]
mod tests {
    use super::is_crawler;

    #[test]
    fn crawlers_are_told() {
        let chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.7390.122";
        for agent in [
            &format!(
                "Mozilla/5.0 {chrome} Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
            ),
            &format!("Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) {chrome} Mobile Safari/537.36 AdsBot"),
            &format!("Mozilla/5.0 (X11; Linux x86_64) {chrome} Safari/537.36 Chrome-Lighthouse"),
            &format!("Mozilla/5.0 (X11; Linux x86_64) {chrome} Safari/537.36 PTST/211202.211915"),
            &format!("Mozilla/5.0 (X11; Linux x86_64) {chrome} Safari/537.36 DatadogSynthetics"),
            &format!("Mozilla/5.0 {chrome} Safari/537.36; bingbot/2.0"),
            &format!("Mozilla/5.0 (Macintosh) {chrome} Safari/537.36; Manus-User/1.0"),
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 \
             Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
        ] {
            assert!(is_crawler(agent), "{agent}");
        }
    }

    #[test]
    fn people_and_a_sites_own_programs_are_not() {
        for agent in [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 \
             Safari/537.36 Edg/156.0.0.0",
            "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             Version/26.0 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Linux; Android 13; CUBOT X70 Build/TP1A) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/140.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
             Chrome/142.0.0.0 Mobile Safari/537.36 Instagram 406.0.0.58.159 Android (35/15; 480dpi)",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             Mobile/15E148 [FBAN/FBIOS;FBAV/514.0.0.0;FBBV/1;FBDV/iPhone14,7;FBMD/iPhone;FBSN/iOS;FBSV/18.5]",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             GSA/370.0.0 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Linux; Android 14; 2201116SG) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
             Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50 MMWEBID/1 Language/zh_CN",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             Version/18.5 Safari/605.1.15 Ddg/18.5",
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) DuckDuckGo/5 Mobile Safari/537.36",
            "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/4.0 \
             Chrome/94.0.4606.31 TV Safari/537.36",
            "curl/8.14.1",
            "python-requests/2.32 (helpdesk-bot)",
            "",
        ] {
            assert!(!is_crawler(agent), "{agent}");
        }
    }
}
