//! Another system, as far as `forward` can tell: keeps what is posted and answers as it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Post {
    pub path: String,
    pub head: String,
    pub body: String,
}

impl Post {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Status and body; `None` closes the connection without an answer.
pub type Answer = Option<(u16, String)>;

pub struct Elsewhere {
    pub url: String,
    pub posts: Arc<Mutex<Vec<Post>>>,
    news: Receiver<()>,
}

impl Elsewhere {
    /// `answer` is given the post and how many came before.
    pub fn start(answer: impl Fn(&Post, usize) -> Answer + Send + 'static) -> Elsewhere {
        Elsewhere::start_with(move |post, before| (answer(post, before), ""))
    }

    /// The same with headers, whole lines with their ends.
    pub fn start_with(answer: impl Fn(&Post, usize) -> (Answer, &'static str) + Send + 'static) -> Elsewhere {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let posts = Arc::new(Mutex::new(Vec::new()));
        let (tell, news) = channel();
        let kept = posts.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(post) = read(&stream) else { continue };
                let before = kept.lock().unwrap().len();
                let (answer, headers) = answer(&post, before);
                kept.lock().unwrap().push(post);
                let _ = tell.send(());
                let Some((status, body)) = answer else { continue };
                say(&stream, status, headers, &body);
            }
        });
        Elsewhere { url, posts, news }
    }

    pub fn posts(&self) -> Vec<Post> {
        self.posts.lock().unwrap().clone()
    }

    /// Waits for posts until `enough` says so.
    pub fn until(&self, enough: impl Fn(&[Post]) -> bool) {
        while !enough(&self.posts()) {
            let news = self.news.recv_timeout(Duration::from_secs(60));
            news.unwrap_or_else(|_| panic!("it is silent; so far: {:#?}", self.posts()));
        }
    }
}

pub fn say(mut stream: &TcpStream, status: u16, headers: &str, body: &str) {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} Said\r\nContent-Length: {length}\r\n{headers}");
    let _ = stream.write_all(format!("{head}Connection: close\r\n\r\n{body}").as_bytes());
}

pub fn read(stream: &TcpStream) -> Option<Post> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head
        .lines()
        .find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length?];
    reader.read_exact(&mut body).ok()?;
    let path = head.split(' ').nth(1)?.to_owned();
    Some(Post { path, head, body: String::from_utf8(body).ok()? })
}
