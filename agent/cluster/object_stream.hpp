// SPDX-License-Identifier: Apache-2.0
// ObjectStream: finds the items of a list while its JSON arrives, so that only one of them is in
// memory at a time.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "cluster/object_text.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

/// Cuts `{..., "items": [{...}, {...}], ...}` into the texts of its items. It checks the structure
/// that it needs and nothing inside the items: whoever takes one parses it.
class ObjectStream {
 public:
  /// Gets the JSON text of one item, valid during the call. An error ends the stream.
  using Take = std::function<Result<void>(std::string_view item)>;

  explicit ObjectStream(Take take, std::string_view list_key = "items",
                        ByteCount item_max = ByteCount(4ULL * 1024 * 1024));

  /// Gets the list's own metadata, which servers write in front of the items.
  void take_metadata(Take take) { take_metadata_ = std::move(take); }

  /// The next bytes of the document. `invalid` for what is no such list or an item over the limit.
  [[nodiscard]] Result<void> feed(std::string_view piece);
  /// States that everything was fed. `unavailable` if the document is cut.
  [[nodiscard]] Result<void> finish() const;

 private:
  enum class Place : std::uint8_t {
    before,   ///< the document has not begun
    outside,  ///< in the document, not in the list
    between,  ///< in the list, before or after an item
    inside,   ///< in an item
    above,    ///< in the list's metadata
    after,    ///< the document is complete
  };

  [[nodiscard]] Result<std::size_t> step(std::string_view piece, std::size_t at);
  [[nodiscard]] Result<void> step_outside(char c);
  [[nodiscard]] Result<void> step_between(char c);
  [[nodiscard]] Result<std::size_t> step_object(std::string_view piece, std::size_t at);
  void step_in_string(char c);
  [[nodiscard]] bool is_metadata_next() const;

  Take take_;
  Take take_metadata_;
  std::string list_key_;
  Place place_ = Place::before;
  std::size_t depth_ = 0;  // outside of what object_ takes
  bool in_string_ = false;
  bool is_escaped_ = false;
  bool after_colon_ = false;   // at depth 1: the next string is a value, not a key
  bool is_list_next_ = false;  // the key of the list was just read
  std::string key_;            // the key at depth 1 that is being or was just read
  ObjectText object_;
};

}  // namespace primocane
