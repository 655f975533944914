//! Every size from 200×60 down to 30×6, and back.

use crate::stage::Stage;

#[test]
fn explore() {
    println!("{}", Stage::new(120, 40).keys("l j l j").text());
    println!("{}", Stage::new(80, 24).keys("l j l j").text());
}
