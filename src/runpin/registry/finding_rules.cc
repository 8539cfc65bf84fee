#include "runpin/registry/finding_rules.h"

namespace runpin {

std::string_view name_of(FindingLevel level) {
  switch (level) {
    case FindingLevel::k_error:
      return "error";
    case FindingLevel::k_warning:
      return "warning";
    case FindingLevel::k_note:
      return "note";
  }
  return "error";
}

const std::vector<FindingRule>& finding_rules() {
  static const std::vector<FindingRule> k_rules{
      {"alias-cycle", FindingLevel::k_error, "A handle's alias leads back to itself.",
       "An alias is followed to its end, and a circle has none, so every handle of it is "
       "unresolved. Give one handle of the circle a JSON value."},
      {"contradiction", FindingLevel::k_error, "A handle is pinned to two different values.",
       "A run must not choose between two values, so the handle is unresolved. Keep the pin that "
       "holds and remove the other."},
      {"dangling-alias", FindingLevel::k_error,
       "A handle's alias names a handle that the registry does not have.",
       "A bare word behind the = is the name of another handle. Correct the name, or put the word "
       "in "
       "double quotes if it is meant as a string."},
      {"declared-without-value", FindingLevel::k_warning,
       "A handle is declared, but pinned nowhere.",
       "The handle is unresolved until it has a value. Write \" = \" and the value behind the key "
       "once it is known."},
      {"double-pin", FindingLevel::k_note, "A handle is pinned twice to the same value.",
       "Two pins of one value are allowed, and can drift apart. Keep one of them; the other may "
       "stay as a mention of the key without its value."},
      {"empty", FindingLevel::k_warning, "A handle's value is empty.",
       "An empty string, list or map, or null, counts as unresolved. Write the value before a "
       "phase "
       "requires it."},
      {"malformed", FindingLevel::k_error, "A line looks like a handle, but does not parse.",
       "A handle is a list item that begins with a code span, KEY = VALUE: the key is of A to Z, 0 "
       "to 9 and _, one blank stands on each side of the =, and the value is JSON (a string in "
       "double quotes, a number, true, false, a list or a map) or the name of another handle."},
      {"misplaced", FindingLevel::k_error, "A KEY = VALUE code span does not begin a list item.",
       "Only a list item pins a handle. Give the pin a list item of its own, or leave out the = "
       "and "
       "the value where the handle is only mentioned."},
      {"not-read", FindingLevel::k_note, "A handle line stands in a code block or in HTML.",
       "What stands in a code block or in HTML pins nothing. Move the line out when it should pin "
       "the handle."},
      {"to-pin", FindingLevel::k_warning, "A handle still says TO_PIN.",
       "TO_PIN marks a value that is not known yet, so the handle is unresolved. Replace it by the "
       "value before a phase requires it."},
      {"unresolved-alias", FindingLevel::k_warning,
       "A handle's alias leads to a handle without a usable value.",
       "The handle is as unresolved as the one at the end of its aliases. Give that one its "
       "value."}};
  return k_rules;
}

}  // namespace runpin
