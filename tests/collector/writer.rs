//! The writing thread: everyone is answered, clocks are compared once.

use passerby::collector::store::{Arrival, Store, Through};
use passerby::collector::writer::Writer;
use serde_json::{Value, json};

use crate::support::{T, beacon, decoded, event, exported, folder};

#[test]
fn the_clock_offset_is_kept_unless_the_body_was_frozen() {
    let folder = folder("clock_offset");
    let mut store = Store::create(&folder).unwrap();
    let mut frozen = decoded(&beacon(2, json!([event(2, 2, "b")])));
    frozen.frozen = true;
    let live = decoded(&beacon(1, json!([event(1, 1, "a")])));
    let received = Some(live.sent - 1500);
    store.ingest(&[Arrival { batch: &live, received }, Arrival { batch: &frozen, received }]).unwrap();
    let offsets: Vec<Option<i64>> = exported(&store)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["clock_offset"].as_i64())
        .collect();
    assert_eq!(offsets, [Some(-1500), None]);
}

#[test]
fn fifty_writers_share_commits_and_every_one_is_answered() {
    let folder = folder("fifty_writers");
    let (writer, thread) = Writer::start(Store::create(&folder).unwrap()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let tasks: Vec<_> = (0..50_u64)
        .map(|task| {
            let writer = writer.clone();
            runtime.spawn(async move {
                for round in 0..10 {
                    let number = task * 10 + round;
                    let batch = decoded(&beacon(
                        number,
                        json!([event(number * 2, 1, "a"), event(number * 2 + 1, 1, "b")]),
                    ));
                    let receipt = writer.store(batch, T).await.unwrap();
                    assert_eq!((receipt.accepted, receipt.duplicate), (2, 0));
                }
            })
        })
        .collect();
    for task in tasks {
        runtime.block_on(task).unwrap();
    }
    drop(writer);
    thread.join().unwrap();
    let sessions = Store::open(&folder).unwrap().sessions(&Through::Everything).unwrap();
    assert_eq!(sessions.iter().map(|session| session.events).collect::<Vec<_>>(), [1000]);
}
