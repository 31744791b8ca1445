use super::*;

#[test]
fn cuts_between_characters() {
    // Each row's last column is the outcome for a room counted by hand: an ellipsis is 9 percent-encoded and 3 raw.
    // 9 + 3 raw (4 in base64) = 13; with "ab" 9 + 2 + (5 raw: 7) = 18; with "é" 9 + 6 + (5 raw: 7) = 22.
    let rows = [
        ("abcdefghijklmnop", 13, "…"),
        ("abcdefghijklmnop", 18, "ab…"),
        ("abcdefghijklmnop", 0, "…"),
        ("éééééééé", 21, "…"),
        ("éééééééé", 22, "é…"),
        ("short", 100, "short"),
        ("", 0, ""),
    ];
    for (message, room, expected) in rows {
        assert_eq!(Counted::All.cut(message, room), expected, "{message} in {room}");
    }
}
