/// What SPEC.md §18.5 lists, in its order.
pub fn separators() -> Vec<char> {
    let spec = include_str!("../../SPEC.md");
    let section = spec.split("### ").find(|section| section.starts_with("18.5 Separators")).unwrap();
    let point = |text| char::from_u32(u32::from_str_radix(text, 16).unwrap()).unwrap();
    let ranges = section.split([' ', ',', '\n']).filter_map(|word| word.strip_prefix("U+"));
    let ends = ranges.map(|range| range.split_once("..U+").unwrap_or((range, range)));
    ends.flat_map(|(from, to)| point(from)..=point(to)).collect()
}
