//! Working time is counted as other projects count it, as the law of the calendar says, and without contradiction.

mod china;
mod laws;
mod more_hours;
mod paused;
mod seconds;
mod vectors;

use aftersales::time::{self, Wall};
use chrono::NaiveDateTime;

fn wall(text: &str) -> Wall {
    time::wall(text.parse::<NaiveDateTime>().unwrap())
}

fn shown(wall: Wall) -> String {
    time::date_time(wall).unwrap().format("%FT%T").to_string()
}
