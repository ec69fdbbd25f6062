//! The dashboard: recent sessions and totals, as HTML without a script. Everything in it came from outside,
//! so everything is escaped, and the policy forbids whatever an escape could miss.

use axum::extract::{Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::Response;

use super::read::{ask, may_read};
use super::{App, refused, respond};
use crate::collector::report::{self, Totals};
use crate::collector::store::{SessionRow, Through};
use crate::collector::table;
use crate::collector::text::{duration, html, now, path_only, short, utc};

const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Sessions listed.
const RECENT: usize = 100;

pub async fn style() -> Response {
    respond(200, "text/css; charset=utf-8", include_str!("dashboard.css"))
}

pub async fn page(State(shared): App, request: Request) -> Response {
    if let Err(refusal) = may_read(&shared, request.headers(), request.uri().query()) {
        return refused(&refusal);
    }
    let read = ask(&shared, |store| Ok((store.sessions(&Through::Everything)?, store.drops()?)));
    let (sessions, drops) = match read.await {
        Ok(read) => read,
        Err(refusal) => return refused(&refusal),
    };
    let mut response = respond(200, "text/html; charset=utf-8", document(&sessions, &drops));
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

fn document(sessions: &[SessionRow], drops: &[(String, u64)]) -> String {
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"refresh\" content=\"5\">\n\
         <title>Passerby</title>\n\
         <link rel=\"stylesheet\" href=\"/dashboard.css\">\n</head>\n<body>\n\
         <h1>Passerby</h1>\n",
    );
    page.push_str(&format!(
        "<p class=\"note\">{} Refreshed every 5 seconds.</p>\n",
        html(&table::head_count(sessions))
    ));
    let all = report::totals(sessions, now());
    page.extend(all.iter().map(totals_section));
    let left_out = table::left_out(&all);
    if !left_out.is_empty() {
        page.push_str(&format!("<p class=\"note\">{}</p>\n", html(&left_out)));
    }
    if !drops.is_empty() {
        let counts: Vec<String> =
            drops.iter().map(|(reason, count)| format!("{} {count}", html(reason))).collect();
        page.push_str(&format!("<p class=\"note\">Events the pages dropped: {}.</p>\n", counts.join(", ")));
    }
    page.push_str("<h2>Recent sessions</h2>\n");
    if sessions.is_empty() {
        page.push_str("<p>No data yet: open a page that sends its beacons here.</p>\n");
    } else {
        page.push_str(
            "<div class=\"wide\"><table>\n<tr><th>Started (UTC)</th><th>Session</th><th>Audience</th>\
             <th>Stage</th><th class=\"number\">Pages</th><th class=\"number\">Duration</th>\
             <th class=\"number\">Engaged</th>\
             <th class=\"number\">Events</th><th>Verdict</th><th>Channel</th><th>Entry</th></tr>\n",
        );
        page.extend(sessions.iter().take(RECENT).map(session_line));
        page.push_str("</table></div>\n");
    }
    page.push_str("</body>\n</html>\n");
    page
}

fn totals_section(totals: &Totals) -> String {
    let mut section = String::from(
        "<h2>Totals</h2>\n<div class=\"wide\"><table>\n<tr><th></th><th class=\"number\">Users</th>\
         <th class=\"number\">Customers</th><th class=\"number\">Together</th></tr>\n",
    );
    for line in table::lines() {
        let [users, customers, together] = line.cells(totals).map(|cell| html(&cell));
        section.push_str(&format!(
            "<tr><th>{}</th><td class=\"number\">{users}</td><td class=\"number\">{customers}</td>\
             <td class=\"number\">{together}</td></tr>\n",
            html(line.name)
        ));
    }
    section.push_str(&format!("</table></div>\n<p class=\"note\">{}</p>\n", html(&table::about(totals))));
    section
}

fn session_line(row: &SessionRow) -> String {
    let entry = row.entry.as_deref().map(path_only).unwrap_or_default();
    format!(
        "<tr><td>{}</td><td><code>{}</code></td><td>{}</td><td>{}</td><td class=\"number\">{}</td>\
         <td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td>\
         <td>{}</td><td class=\"url\">{}</td></tr>\n",
        utc(row.started),
        html(&short(&row.id, 9)),
        row.audience.as_str(),
        html(&row.stage),
        row.totals.page_depth,
        duration(row.totals.duration),
        duration(row.totals.engaged_time),
        row.events,
        table::verdict(row),
        html(&short(row.channel.as_deref().unwrap_or("–"), 32)),
        html(&short(entry, 120)),
    )
}
