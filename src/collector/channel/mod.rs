//! Channels in full: the rules of GA4's default channel group over the long list of sites, `sites.txt`.
//!
//! The page has told the channel where the best-known sites and media tell it (`src/engine/channel.rs`) and left it
//! open where they do not. Only that is decided here, so that page and collector never say different things of one
//! visit. Hence the one difference from GA4: a medium that names its channel (email, display, social) is believed
//! whatever the long list says of the source.
//!
//! Second, returns from a payment: such a session began where the visitor's session before did.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::store::SessionRow;
use crate::engine::channel::{OPEN, site};
use crate::wire::text::listed;

const SITES: &str = include_str!("sites.txt");

/// Name or host → kind.
static KINDS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut kinds = HashMap::new();
    for (kind, name) in entries() {
        let name = match name.strip_prefix('+') {
            Some(host) => {
                kinds.insert(host.trim_end_matches(".com").to_owned(), kind);
                host
            }
            None => name,
        };
        kinds.insert(name.to_owned(), kind);
    }
    kinds
});

/// Kind and name, of every line of the list.
pub fn entries() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut kind = "";
    let lines = SITES.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(move |line| {
        let names = match line.split_once(':') {
            Some((next, names)) => {
                kind = next;
                names
            }
            None => line,
        };
        let of = kind;
        names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(move |name| (of, name))
    })
}

/// The kind of site that a source is: `search`, `social`, `video`, `shopping`, or nothing.
pub fn kind(source: &str) -> &'static str {
    let mut rest = source;
    loop {
        let found = KINDS.get(rest).copied().filter(|kind| *kind != "payment");
        let whole = rest == source || rest.starts_with("search.");
        if let Some(kind) = found.filter(|kind| whole || *kind != "search") {
            return kind;
        }
        match rest.split_once('.') {
            Some((_, site)) if site.contains('.') => rest = site,
            _ => return site(source),
        }
    }
}

/// The channel of a visit of which the page has said this. Nothing if nothing is known.
pub fn refined(channel: &str, source: &str, medium: &str, campaign: &str) -> String {
    let open = channel.is_empty() || listed(OPEN, channel);
    if !open || [source, medium, campaign].iter().all(|text| text.is_empty()) {
        return channel.to_owned();
    }
    let [source, medium, campaign] = [source, medium, campaign].map(str::to_ascii_lowercase);
    name(&source, &medium, &campaign, kind(&source))
}

/// GA4's rules, in GA4's order.
pub fn name(source: &str, medium: &str, campaign: &str, kind: &str) -> String {
    if [source, medium, campaign].iter().all(|text| text.is_empty()) {
        return "direct".to_owned();
    }
    if campaign.contains("cross-network") {
        return "cross_network".to_owned();
    }
    let kind = if is_shop(campaign) { "shopping" } else { kind };
    let paid = medium.contains("cp") || medium.starts_with("paid") || matches!(medium, "ppc" | "retargeting");
    if paid && !kind.is_empty() {
        return format!("paid_{kind}");
    }
    let channel = match medium {
        "display" | "banner" | "expandable" | "interstitial" | "cpm" => "display",
        _ if paid => "paid_other",
        _ if kind == "shopping" => "organic_shopping",
        "social" | "social-network" | "social-media" | "sm" | "social network" | "social media" => {
            "organic_social"
        }
        _ if kind == "social" => "organic_social",
        _ if kind == "video" || medium.contains("video") => "organic_video",
        _ if kind == "search" || medium == "organic" => "organic_search",
        "referral" | "app" | "link" => "referral",
        _ if [source, medium]
            .iter()
            .any(|text| matches!(*text, "email" | "e-mail" | "e_mail" | "e mail")) =>
        {
            "email"
        }
        "affiliate" => "affiliates",
        "audio" => "audio",
        _ if [source, medium].contains(&"sms") => "sms",
        _ if is_push(source, medium) => "mobile_push",
        _ => "unassigned",
    };
    channel.to_owned()
}

fn is_push(source: &str, medium: &str) -> bool {
    let named = medium.contains("mobile") || medium.contains("notification");
    named || medium.ends_with("push") || source == "firebase"
}

/// `^(.*(([^a-df-z]|^)shop|shopping).*)$`: where a word begins (`eshop` is one as well), or `shopping` anywhere.
fn is_shop(campaign: &str) -> bool {
    campaign.match_indices("shop").any(|(at, _)| {
        let before = campaign[..at].chars().next_back();
        let begins = !before.is_some_and(|letter| letter.is_ascii_lowercase() && letter != 'e');
        begins || campaign[at..].starts_with("shopping")
    })
}

/// Whether a visitor only returns from this site. `more`: the site's own list, with commas between.
pub fn is_return(source: &str, more: &str) -> bool {
    let payment = |label: &str| KINDS.get(label) == Some(&"payment");
    // `checkout.stripe.com`, not `stripe.fans.example`: what follows the name is `com` or `co.uk`.
    let named =
        source.char_indices().filter(|(at, _)| *at == 0 || source[..*at].ends_with('.')).any(|(at, _)| {
            let (label, rest) = source[at..].split_once('.').unwrap_or((&source[at..], ""));
            rest.len() < 7 && !rest.is_empty() && payment(label)
        });
    named || more.split(',').any(|own| !own.is_empty() && is_within(source, own))
}

fn is_within(host: &str, site: &str) -> bool {
    host.strip_suffix(site).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// Channel, source, medium and campaign.
pub type Touch = [Option<String>; 4];

fn touch(row: &SessionRow) -> Touch {
    [&row.channel, &row.source, &row.medium, &row.campaign].map(Clone::clone)
}

fn set(row: &mut SessionRow, touch: Touch) {
    [row.channel, row.source, row.medium, row.campaign] = touch;
}

fn complete(touch: &mut Touch) {
    let [channel, source, medium, campaign] =
        touch.each_ref().map(|text| text.as_deref().unwrap_or_default());
    let channel = refined(channel, source, medium, campaign);
    touch[0] = Some(channel).filter(|channel| !channel.is_empty());
}

/// A site of one's own list may be one that has a channel, as `facebook.com` for who logs in by it: it is a referrer.
fn is_returned([channel, source, medium, _]: &Touch, more: &str) -> bool {
    let referral = [channel, medium].iter().any(|text| text.as_deref() == Some("referral"));
    referral && source.as_ref().is_some_and(|source| is_return(&source.to_ascii_lowercase(), more))
}

/// Where a visitor came from at first.
pub fn first(mut touch: Touch, more: &str) -> Touch {
    complete(&mut touch);
    if is_returned(&touch, more) { DIRECT.map(|text| text.map(str::to_owned)) } else { touch }
}

const DIRECT: [Option<&str>; 4] = [Some("direct"), None, None, None];

/// The origin of this session, and whether that is one of the visitor's sessions before instead.
pub fn settle_one(row: &mut SessionRow, more: &str) -> bool {
    let mut touch = touch(row);
    complete(&mut touch);
    let returned = is_returned(&touch, more);
    set(row, touch);
    returned
}

/// Completes where these sessions came from.
pub fn settle(sessions: &mut [SessionRow], more: &str) {
    fn visit(row: &SessionRow) -> (&str, &str, u64, &str) {
        (&row.site, &row.visitor, row.started, &row.id)
    }
    sessions.sort_by(|one, other| visit(one).cmp(&visit(other)));
    for at in 0..sessions.len() {
        let (before, rest) = sessions.split_at_mut(at);
        let row = &mut rest[0];
        if settle_one(row, more) {
            // Without one before, it is direct.
            let last = before.last().filter(|last| last.visitor == row.visitor && last.site == row.site);
            set(row, last.map_or_else(|| DIRECT.map(|text| text.map(str::to_owned)), touch));
        }
    }
}
