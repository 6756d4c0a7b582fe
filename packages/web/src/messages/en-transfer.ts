/** English texts of the page where a study goes to a new owner. */
export const transferEn = {
  'transfer.title': 'Hand over the study',
  'transfer.owner': 'Owned by {{name}}.',
  'transfer.noOwner': 'Nobody owns it any more.',
  'transfer.new': 'New owner',
  'transfer.help': 'Nothing changes before they accept. You can withdraw the offer until then.',
  'transfer.email': 'E-mail address of their account here',
  'transfer.words': 'A few words to them',
  'transfer.keep': 'The owner of before may go on editing drafts',
  'transfer.send': 'Offer the study',
  'transfer.offer': 'Offer',
  'transfer.offered': '{{by}} offers the study to {{to}}, since {{day}}.',
  'transfer.keeps': 'The owner of before may go on editing drafts, by sharing.',
  'transfer.keepsNot': 'The owner of before keeps no rights.',
  'transfer.means':
    'As its owner you publish new versions, share drafts, answer readers and decide who reads files that are given on request. Who made the data stays named as it is.',
  'transfer.do.accepted': 'Accept',
  'transfer.do.declined': 'Decline',
  'transfer.do.withdrawn': 'Withdraw the offer',
  'transfer.done.accepted': 'The study is yours now.',
  'transfer.done.declined': 'Declined. Who offered it is told.',
  'transfer.done.withdrawn': 'Withdrawn.',
};
