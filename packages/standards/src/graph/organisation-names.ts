import type { Contributor } from '@micrarium/model';

/** Words that stand in names of organisations and groups, and in no name of one word that a person has. */
const words =
  /(?:^|[\s(-])(?:consorti(?:um|a)|collaboration|universit\p{L}+|institut\p{L}*|cent(?:er|re|rum|ro)|laborator\p{L}+|lab|team|group|network|society|association|foundation|project|initiative|committee|council|department|facility|school|college|hospital|agency|ministry|museum|company|inc\.?|ltd\.?|gmbh|corp\.?)(?:$|[\s,.)-])/iu;
const japaneseWords =
  /大学|研究所|研究室|研究院|研究科|研究センター|センター|機構|コンソーシアム|チーム|グループ|学会|協会|財団|株式会社|病院/u;

/** Is somebody who is credited a group or an organisation? One without a given name may be a person who has one name. */
export function isGroup({
  firstName,
  lastName,
  organisation,
}: Pick<Contributor, 'firstName' | 'lastName' | 'organisation'>): boolean {
  const name = lastName.trim();
  if (firstName.trim() !== '' || name === '') return false;
  return name === organisation?.trim() || words.test(name) || japaneseWords.test(name);
}
